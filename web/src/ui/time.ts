const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
	["year", 31_536_000],
	["month", 2_592_000],
	["day", 86_400],
	["hour", 3_600],
	["minute", 60],
];
const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** "3 hours ago", by the largest unit that fits. */
export function ago(then: string, now = Date.now()): string {
	const seconds = (Date.parse(then) - now) / 1000;
	for (const [unit, length] of UNITS) if (Math.abs(seconds) >= length) return format.format(Math.round(seconds / length), unit);
	return "just now";
}

/** "Nov 21, 2026, 12:00:00 PM": for what is looked up in logs, too. */
export const moment = (at: string) => new Date(at).toLocaleString("en", { dateStyle: "medium", timeStyle: "medium" });

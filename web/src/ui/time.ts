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
	// Whole units that have passed: rounded, an hour less a minute would be "60 minutes".
	for (const [unit, length] of UNITS) if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
	return "just now";
}

/** "Nov 21, 2026, 12:00:00 PM": for what is looked up in logs, too. */
export const moment = (at: string) => new Date(at).toLocaleString("en", { dateStyle: "medium", timeStyle: "medium" });

const LENGTHS: [string, number][] = [
	["d", 86_400],
	["h", 3_600],
	["min", 60],
	["s", 1],
];

/** "45 s", "2 min 5 s", "1 d 3 h": a length of time by the largest unit that fits, and the next. */
export function duration(ms: number): string {
	// The service's clock may be a little ahead of this one.
	const seconds = Math.max(0, Math.floor(ms / 1000));
	const largest = LENGTHS.findIndex(([, length]) => seconds >= length);
	if (largest < 0) return "0 s";
	let left = seconds;
	const parts = LENGTHS.slice(largest, largest + 2).map(([unit, length]) => {
		const count = Math.floor(left / length);
		left -= count * length;
		return count && `${count} ${unit}`;
	});
	return parts.filter(Boolean).join(" ");
}

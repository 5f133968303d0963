/** An event of a trace, as Chromium writes it: times in microseconds. */
export interface Event {
	name: string;
	ph: string;
	pid: number;
	tid: number;
	ts: number;
	dur?: number;
}

/** What runs script, or clears up after it. They stand in each other, so that their union counts. */
const SCRIPT = new Set([
	"FunctionCall",
	"EvaluateScript",
	"RunMicrotasks",
	"FireAnimationFrame",
	"TimerFire",
	"MinorGC",
	"MajorGC",
]);
const HANDLED = "EventDispatch";
const FRAME_ENDS = "Commit";

/** The script of each frame in which an input was handled, in milliseconds: no style, no layout, no painting. */
export function frames(events: Event[]): number[] {
	const main = busiest(events);
	const own = events.filter(({ pid, tid }) => pid === main?.pid && tid === main.tid).sort((a, b) => a.ts - b.ts);
	const ends = own.filter(({ name }) => name === FRAME_ENDS).map(({ ts }) => ts);
	const script = union(own.filter(({ name, ph }) => ph === "X" && SCRIPT.has(name)));
	const handled = own.filter(({ name }) => name === HANDLED).map(({ ts }) => ts);
	return ends.flatMap((end, index) => {
		const start = ends[index - 1];
		if (start === undefined || !handled.some((ts) => ts >= start && ts < end)) return [];
		return [script.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, end) - Math.max(from, start)), 0) / 1000];
	});
}

/** The thread whose frames are the page's. */
function busiest(events: Event[]): Event | undefined {
	const counts = new Map<string, { event: Event; count: number }>();
	for (const event of events.filter(({ name }) => name === "FunctionCall")) {
		const key = `${event.pid} ${event.tid}`;
		const found = counts.get(key) ?? { event, count: 0 };
		found.count += 1;
		counts.set(key, found);
	}
	return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.event;
}

function union(events: Event[]): [number, number][] {
	const spans: [number, number][] = [];
	for (const { ts, dur = 0 } of events) {
		const last = spans.at(-1);
		if (last && ts <= last[1]) last[1] = Math.max(last[1], ts + dur);
		else spans.push([ts, ts + dur]);
	}
	return spans;
}

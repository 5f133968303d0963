/** An event of a trace, as Chromium writes it: microseconds of the wall's clock, and of the processor time of its thread. */
export interface Event {
	name: string;
	ph: string;
	pid: number;
	tid: number;
	ts: number;
	dur?: number;
	tts?: number;
	tdur?: number;
}

/** Which of the two is meant. */
export type Clock = "wall" | "processor";

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
export function frames(events: Event[], clock: Clock): number[] {
	const main = busiest(events);
	const own = events
		.filter(({ pid, tid, ph }) => pid === main?.pid && tid === main.tid && ph === "X")
		.map((event) => timed(event, clock))
		.sort((a, b) => a.from - b.from);
	const ends = own.filter(({ name }) => name === FRAME_ENDS).map(({ from }) => from);
	const script = union(own.filter(({ name }) => SCRIPT.has(name)));
	const handled = own.filter(({ name }) => name === HANDLED).map(({ from }) => from);
	return ends.flatMap((end, index) => {
		const start = ends[index - 1];
		if (start === undefined || !handled.some((from) => from >= start && from < end)) return [];
		return [script.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, end) - Math.max(from, start)), 0) / 1000];
	});
}

interface Timed {
	name: string;
	from: number;
	to: number;
}

function timed({ name, ts, dur = 0, tts, tdur = 0 }: Event, clock: Clock): Timed {
	if (clock === "wall") return { name, from: ts, to: ts + dur };
	if (tts === undefined) throw new Error(`the trace has no processor time of ${name}`);
	return { name, from: tts, to: tts + tdur };
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

function union(events: Timed[]): [number, number][] {
	const spans: [number, number][] = [];
	for (const { from, to } of events) {
		const last = spans.at(-1);
		if (last && from <= last[1]) last[1] = Math.max(last[1], to);
		else spans.push([from, to]);
	}
	return spans;
}

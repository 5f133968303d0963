import { duration } from "../ui/time";
import { useNow } from "../ui/useNow";
import type { Step } from "./queries";

/** The steps in their order, with the time that each took or takes, and what comes next. */
export function Steps({ steps }: { steps: Step[] }) {
	const next = steps.find(({ state }) => state === "waiting");
	return (
		<ol className="progress">
			{steps.map((step) => (
				// A step that is tried again is there twice.
				<li
					key={`${step.name} ${step.started_at}`}
					data-state={step.state}
					aria-current={step.state === "running" ? "step" : undefined}
				>
					<span>{step.title}</span> <span className="soft">{step === next ? "Next" : <State step={step} />}</span>
				</li>
			))}
		</ol>
	);
}

function State({ step: { state, started_at, ended_at } }: { step: Step }) {
	const took = started_at && ended_at ? duration(Date.parse(ended_at) - Date.parse(started_at)) : null;
	switch (state) {
		case "done":
			return took ? `Done in ${took}` : "Done";
		case "failed":
			return took ? `Failed after ${took}` : "Failed";
		case "running":
			return started_at ? (
				<>
					Running for <Elapsed since={started_at} />
				</>
			) : (
				"Running"
			);
		case "waiting":
			return "Coming";
	}
}

/** How long ago that was. It changes each second: no live region may hold it. */
export const Elapsed = ({ since }: { since: string }) => duration(useNow() - Date.parse(since));

/** Steps of one piece of work follow each other at once. */
const GAP_MS = 10_000;

/**
 * When the work under way began; null where none of its steps has. Steps of earlier work stay in the list before it, as do those of a
 * try that failed.
 */
export function beganAt(steps: Step[]): string | null {
	const [last, ...before] = steps.filter(({ started_at }) => started_at).reverse();
	if (!last || last.ended_at) return null;
	let first = last.started_at;
	for (const { state, started_at, ended_at } of before) {
		if (state === "failed" || !first || !ended_at || Date.parse(first) - Date.parse(ended_at) > GAP_MS) break;
		first = started_at;
	}
	return first;
}

import { at, type Json, type Path, pointer, put } from "./schema";

/** A plan with what it was before, and what was undone. */
export interface History {
	past: Json[];
	present: Json;
	future: Json[];
	/** Which field was changed last: what is typed into one field is undone at once. */
	last: string | null;
}

export type Change =
	/** A field gets a value; others that it stands instead of are taken out. */
	| { do: "set"; path: Path; value: Json | undefined; insteadOf?: Path[] }
	| { do: "replace"; plan: Json }
	/** A change that stands for itself, and is undone alone. */
	| { do: "step"; plan: Json }
	| { do: "undo" }
	| { do: "redo" }
	| { do: "reset"; plan: Json };

const KEPT = 200;

export const begin = (present: Json): History => ({ past: [], present, future: [], last: null });

export function changed(history: History, change: Change): History {
	const { past, present, future } = history;
	const before = [...past, present].slice(-KEPT);
	switch (change.do) {
		case "set": {
			const last = pointer(change.path);
			const others = (change.insteadOf ?? []).filter((path) => at(present, path) !== undefined);
			const plan = others.reduce<Json>((rest, path) => put(rest, path, undefined), put(present, change.path, change.value));
			return { past: last === history.last ? past : before, present: plan, future: [], last };
		}
		case "replace":
			return { past: history.last === "" ? past : before, present: change.plan, future: [], last: "" };
		case "step":
			return { past: before, present: change.plan, future: [], last: null };
		case "undo": {
			const plan = past.at(-1);
			return plan === undefined ? history : { past: past.slice(0, -1), present: plan, future: [present, ...future], last: null };
		}
		case "redo": {
			const [plan, ...rest] = future;
			return plan === undefined ? history : { past: before, present: plan, future: rest, last: null };
		}
		case "reset":
			return begin(change.plan);
	}
}

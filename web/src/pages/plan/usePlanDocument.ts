import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useReducer, useState } from "react";
import { Failed } from "../../api/problem";
import { begin, changed } from "../../plans/history";
import { asJson, type Plan, planQuery, plansQuery, savePlan } from "../../plans/queries";
import type { Json } from "../../plans/schema";
import { readKept, writeKept } from "../../ui/useKept";

const AFTER_TYPING_MS = 700;
const AFTER_NO_ANSWER_MS = 5_000;

interface Base {
	/** The version that the plan here was made from. */
	version: number;
	/** As that version has it; null where a reload brought back what was never saved. */
	plan: Json | null;
}

/** What was typed and not saved. */
const drafts = {
	key: (id: string) => `plan:${id}`,
	read(id: string): { version: number; plan: Json } | null {
		try {
			return JSON.parse(readKept(this.key(id)) ?? "null");
		} catch {
			return null;
		}
	},
	write(id: string, draft: { version: number; plan: Json } | null) {
		writeKept(this.key(id), draft && JSON.stringify(draft));
	},
};

/** A plan under change: its history, and how it gets to the service by itself. */
export function usePlanDocument(plan: Plan) {
	const client = useQueryClient();
	const [draft] = useState(() => drafts.read(plan.id));
	const [history, dispatch] = useReducer(changed, draft?.plan ?? asJson(plan.plan), begin);
	const [base, setBase] = useState<Base>(() =>
		draft ? { version: draft.version, plan: null } : { version: plan.version, plan: history.present },
	);
	const now = history.present;
	const dirty = now !== base.plan;

	const save = useMutation({
		mutationFn: (sent: { version: number; plan: Json }) => savePlan(plan.id, sent.version, sent.plan),
		onSuccess: (saved, sent) => {
			setBase({ version: saved.version, plan: sent.plan });
			client.setQueryData(planQuery(plan.id).queryKey, saved);
			void client.invalidateQueries({ queryKey: plansQuery.queryKey });
		},
	});
	const failure = save.error instanceof Failed ? save.error : null;
	const conflict = failure?.status === 412;
	const refused = failure !== null && failure.status !== 0 && save.variables?.plan === now;

	const { mutate, isPending } = save;
	const noAnswer = failure?.status === 0;
	useEffect(() => {
		if (!dirty || isPending || conflict || refused) return;
		const timer = setTimeout(() => mutate({ version: base.version, plan: now }), noAnswer ? AFTER_NO_ANSWER_MS : AFTER_TYPING_MS);
		return () => clearTimeout(timer);
	}, [dirty, isPending, conflict, refused, noAnswer, now, base.version, mutate]);

	useEffect(
		() => drafts.write(plan.id, dirty ? { version: base.version, plan: now } : null),
		[plan.id, dirty, base.version, now],
	);

	// Changed elsewhere while nothing is changed here.
	const theirs = asJson(plan.plan);
	useEffect(() => {
		if (plan.version <= base.version || dirty || isPending) return;
		dispatch({ do: "reset", plan: theirs });
		setBase({ version: plan.version, plan: theirs });
	}, [plan.version, base.version, dirty, isPending, theirs]);

	/** Ends a conflict: by what the other saved, or by what stands here over it. */
	async function settle(how: "theirs" | "mine") {
		const newest = await client.fetchQuery({ ...planQuery(plan.id), staleTime: 0 });
		const other = asJson(newest.plan);
		save.reset();
		setBase({ version: newest.version, plan: other });
		if (how === "theirs") dispatch({ do: "reset", plan: other });
	}

	return {
		history,
		dispatch,
		saving: { dirty, pending: isPending, error: save.error, conflict, refused },
		version: base.version,
		settle,
	};
}

export type PlanDocument = ReturnType<typeof usePlanDocument>;

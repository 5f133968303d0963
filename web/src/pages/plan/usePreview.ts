import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Failed } from "../../api/problem";
import { planQuery, previewQuery } from "../../plans/queries";
import type { PlanDocument } from "./usePlanDocument";

/** What a deploy of the plan as it was saved last would do. */
export function usePreview(id: string, version: number) {
	// The page that shows the plan asks for it; this only hears of its status.
	const { data: status = "" } = useQuery({ ...planQuery(id), select: ({ status }) => status, enabled: false });
	return useQuery({ ...previewQuery({ id, version, status }), placeholderData: keepPreviousData });
}

export type PreviewState = ReturnType<typeof usePreview>;

/** What is wrong with the plan, by pointer: what the preview found, and over it what kept the plan from being saved. */
export function useProblems(saving: PlanDocument["saving"], preview: PreviewState): Record<string, string> {
	const { data, error } = preview;
	const refused = saving.refused ? saving.error : null;
	return useMemo(() => {
		const found = (data?.problems ?? []).flatMap(({ pointer, message }) =>
			pointer ? [[pointer.replace(/^\//, ""), message]] : [],
		);
		return { ...Object.fromEntries(found), ...fields(error), ...fields(refused) };
	}, [data, error, refused]);
}

const fields = (error: unknown) => (error instanceof Failed ? error.fields : {});

import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { deploymentQuery } from "../../deployments/queries";
import { freeId, isFull, partsOf, withComponent, withoutComponent } from "../../plans/components";
import type { Place } from "../../plans/places";
import { asJson, type Plan } from "../../plans/queries";
import type { DrawingProps } from "./Drawing";
import { usePlaces } from "./usePlaces";
import type { PlanDocument } from "./usePlanDocument";

/** A plan as its drawing has it, and what is done to it there: the same history, the same saving as of what is typed. */
export function useDrawing(
	plan: Plan,
	{ history: { present }, dispatch }: PlanDocument,
	problems: Record<string, string>,
): DrawingProps {
	const deployment = useQuery({ ...deploymentQuery(plan.deployment_id ?? ""), enabled: Boolean(plan.deployment_id) });
	const deployed = deployment.data?.components;
	const parts = useMemo(() => {
		const statuses = Object.fromEntries((deployed ?? []).map(({ id, status }) => [id, status]));
		return partsOf(present, { saved: asJson(plan.plan), status: plan.status, statuses, problems });
	}, [present, plan, deployed, problems]);
	const [places, onPlace] = usePlaces(plan.id);
	const [selected, onSelect] = useState(parts[0]?.key ?? null);
	const full = isFull(present);
	const palette = useRef<HTMLElement>(null);

	function onAdd(kind: string, place?: Place) {
		if (full) return;
		const id = freeId(present, kind);
		if (place) onPlace(id, place);
		dispatch({ do: "step", plan: withComponent(present, kind) });
		onSelect(id);
	}

	function onRemove(key: string) {
		const part = parts.find((one) => one.key === key);
		if (!part) return;
		dispatch({ do: "step", plan: withoutComponent(present, part.index) });
		// The card or the button that had the focus goes with the component.
		palette.current?.querySelector("button")?.focus();
	}

	return { parts, selected, places, full, palette, onSelect, onPlace, onAdd, onRemove };
}

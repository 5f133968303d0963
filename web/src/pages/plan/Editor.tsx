import * as Tabs from "@radix-ui/react-tabs";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { type Plan, planQuery } from "../../plans/queries";
import { at } from "../../plans/schema";
import { Button } from "../../ui/Button";
import { ErrorNotice } from "../../ui/Notice";
import { SkeletonRows } from "../../ui/Skeleton";
import { Status } from "../../ui/Status";
import { useTitle } from "../../ui/useTitle";
import { DeployButton, DeployPanel } from "./DeployPanel";
import { Drawing } from "./Drawing";
import { JsonView } from "./JsonView";
import { Properties } from "./Properties";
import { useDrawing } from "./useDrawing";
import { type PlanDocument, usePlanDocument } from "./usePlanDocument";
import { usePreview, useProblems } from "./usePreview";

export default function Editor() {
	const { planId } = useParams({ from: "/inside/plan/$planId" });
	const plan = useQuery(planQuery(planId));
	useTitle(plan.data?.name ?? "Plan");
	if (plan.data) return <Opened key={planId} plan={plan.data} />;
	return (
		<>
			<h1>Plan</h1>
			{plan.error ? <ErrorNotice error={plan.error} /> : <SkeletonRows rows={6} label="The plan is on its way" />}
		</>
	);
}

function Opened({ plan }: { plan: Plan }) {
	const edited = usePlanDocument(plan);
	const { history, dispatch, saving } = edited;
	const preview = usePreview(plan.id, edited.version);
	const problems = useProblems(saving, preview);
	const drawing = useDrawing(plan, edited, problems);

	// On the whole page: what had the focus may have been removed by the very change that is to be undone.
	useEffect(() => {
		function keys(event: KeyboardEvent) {
			if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
			event.preventDefault();
			dispatch({ do: event.shiftKey ? "redo" : "undo" });
		}
		document.addEventListener("keydown", keys);
		return () => document.removeEventListener("keydown", keys);
	}, [dispatch]);

	return (
		<>
			<div className="page-head">
				<div>
					<h1>{String(at(history.present, ["name"]) ?? plan.name)}</h1>
					<p className="plan-state">
						<Status status={plan.status} />
						<SaveState saving={saving} />
					</p>
				</div>
				<div className="actions">
					<Button
						kind="quiet"
						disabledReason={history.past.length === 0 && "Nothing was changed yet"}
						onClick={() => dispatch({ do: "undo" })}
					>
						Undo
					</Button>
					<Button
						kind="quiet"
						disabledReason={history.future.length === 0 && "Nothing was undone"}
						onClick={() => dispatch({ do: "redo" })}
					>
						Redo
					</Button>
					<DeployButton plan={plan} saving={saving} preview={preview} />
				</div>
			</div>
			<Trouble document={edited} />
			<Tabs.Root defaultValue="plan">
				<Tabs.List className="tabs" aria-label="How the plan is shown">
					<Tabs.Trigger value="plan">Plan</Tabs.Trigger>
					<Tabs.Trigger value="json">JSON</Tabs.Trigger>
				</Tabs.List>
				<Tabs.Content value="plan" className="editor">
					<Drawing {...drawing} />
					<Properties
						document={edited}
						part={drawing.parts.find(({ key }) => key === drawing.selected)}
						problems={problems}
						onRemove={drawing.onRemove}
					/>
				</Tabs.Content>
				<Tabs.Content value="json">
					<JsonView id={plan.id} document={edited} />
				</Tabs.Content>
			</Tabs.Root>
			<DeployPanel plan={plan} preview={preview} />
		</>
	);
}

function SaveState({ saving }: { saving: PlanDocument["saving"] }) {
	const text = saving.conflict || saving.refused ? "Not saved" : saving.dirty || saving.pending ? "Saving…" : "Saved";
	return (
		<span role="status" className="soft">
			{text}
		</span>
	);
}

/** What keeps the plan from being saved, and what to do. */
function Trouble({ document: { saving, settle } }: { document: PlanDocument }) {
	if (saving.conflict)
		return (
			<div className="notice" data-kind="error" role="alert">
				<p>This plan was changed elsewhere while you changed it here. Which of the two shall stand?</p>
				<div className="actions">
					<Button kind="quiet" onClick={() => settle("mine")}>
						Mine, over theirs
					</Button>
					<Button kind="quiet" onClick={() => settle("theirs")}>
						Theirs, without my changes
					</Button>
				</div>
			</div>
		);
	return saving.error && saving.dirty ? <ErrorNotice error={saving.error} /> : null;
}

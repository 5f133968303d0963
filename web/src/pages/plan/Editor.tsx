import * as Tabs from "@radix-ui/react-tabs";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { KeyboardEvent } from "react";
import { Failed } from "../../api/problem";
import { type Plan, planQuery } from "../../plans/queries";
import { at, CLOUD, COMPONENTS, isObject, type Json, NAME, type Path } from "../../plans/schema";
import { Button } from "../../ui/Button";
import { ErrorNotice } from "../../ui/Notice";
import { SkeletonRows } from "../../ui/Skeleton";
import { Status } from "../../ui/Status";
import { useTitle } from "../../ui/useTitle";
import { DeployPanel } from "./DeployPanel";
import { JsonView } from "./JsonView";
import { SchemaForm } from "./SchemaForm";
import { Suggestions, useSuggestions } from "./suggestions";
import { type PlanDocument, usePlanDocument } from "./usePlanDocument";

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
	const document = usePlanDocument(plan);
	const { history, dispatch, saving } = document;

	function keys(event: KeyboardEvent) {
		if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
		event.preventDefault();
		dispatch({ do: event.shiftKey ? "redo" : "undo" });
	}

	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of the fields inside; each has a button too
		<div onKeyDown={keys}>
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
				</div>
			</div>
			<Trouble document={document} />
			<div className="editor">
				<Tabs.Root defaultValue="form">
					<Tabs.List className="tabs" aria-label="How the plan is shown">
						<Tabs.Trigger value="form">Form</Tabs.Trigger>
						<Tabs.Trigger value="json">JSON</Tabs.Trigger>
					</Tabs.List>
					<Tabs.Content value="form">
						<PlanForm document={document} />
					</Tabs.Content>
					<Tabs.Content value="json">
						<JsonView document={document} />
					</Tabs.Content>
				</Tabs.Root>
				<DeployPanel plan={plan} document={document} />
			</div>
		</div>
	);
}

function PlanForm({ document: { history, dispatch, saving } }: { document: PlanDocument }) {
	const errors = saving.refused && saving.error instanceof Failed ? saving.error.fields : {};
	const components = at(history.present, ["components"]);
	const word = (...path: Path) => {
		const found = at(history.present, path);
		return typeof found === "string" ? found : undefined;
	};
	const suggestions = useSuggestions(word("cloud", "provider") ?? "aws", word("cloud", "region"));
	const shared = {
		errors,
		onChange: (path: Path, value: Json | undefined) => dispatch({ do: "set", path, value }),
	};
	return (
		<Suggestions value={suggestions}>
			<form className="plan-form" onSubmit={(event) => event.preventDefault()}>
				<SchemaForm {...shared} name="name" schema={NAME} value={at(history.present, ["name"])} path={["name"]} />
				<SchemaForm {...shared} name="cloud" schema={CLOUD} value={at(history.present, ["cloud"])} path={["cloud"]} />
				{Array.isArray(components) &&
					components.map((component, index) => {
						const kind = isObject(component) ? String(component.kind) : "";
						const schema = COMPONENTS[kind];
						const { id: _, ...properties } = schema?.properties ?? {};
						return schema ? (
							// biome-ignore lint/suspicious/noArrayIndexKey: a component's id may be changed, its place stays
							<section key={index} className="component" aria-label={kind}>
								<h2>{kind === "postgres" ? "PostgreSQL" : kind}</h2>
								{Object.entries(properties).map(([name, property]) => (
									<SchemaForm
										{...shared}
										key={name}
										name={name}
										schema={property}
										value={isObject(component) ? component[name] : undefined}
										path={["components", index, name]}
									/>
								))}
							</section>
						) : (
							<p key={kind}>This page does not know components of the kind {kind} yet: change them as JSON.</p>
						);
					})}
			</form>
		</Suggestions>
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

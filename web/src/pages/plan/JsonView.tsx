import { type ChangeEvent, useId, useState } from "react";
import { isObject, type Json } from "../../plans/schema";
import { Button } from "../../ui/Button";
import { save } from "../../ui/save";
import { useKept } from "../../ui/useKept";
import type { PlanDocument } from "./usePlanDocument";

const written = (plan: Json) => JSON.stringify(plan, null, 2);

const nameOf = (plan: Json) => (isObject(plan) && typeof plan.name === "string" ? plan.name : "plan");

/** The plan that a text says, or why it says none. */
function read(text: string): { plan: Json } | { wrong: string } {
	try {
		const plan: Json = JSON.parse(text);
		return isObject(plan) ? { plan } : { wrong: "a plan is an object, in braces" };
	} catch (error) {
		return { wrong: error instanceof Error ? error.message : String(error) };
	}
}

interface Props {
	/** The plan's id. */
	id: string;
	document: PlanDocument;
}

/** The same plan as cs-json: to read, to change, to take away and to bring. */
export function JsonView({ id: planId, document: { history, dispatch } }: Props) {
	const id = useId();
	// What is no JSON yet is no part of the plan's history: it outlives a reload, and a look at the drawing, by itself.
	const [unfinished, keep] = useKept(`json:${planId}`);
	const [text, setText] = useState(() => written(history.present));
	const found = unfinished === null ? null : read(unfinished);
	const wrong = found && "wrong" in found ? `This is no JSON yet, and is not saved: ${found.wrong}` : "";
	const shown = unfinished ?? (same(text, history.present) ? text : written(history.present));

	function take(typed: string) {
		const said = read(typed);
		setText(typed);
		keep("wrong" in said ? typed : null);
		if ("plan" in said) dispatch({ do: "replace", plan: said.plan });
	}

	async function bring({ target }: ChangeEvent<HTMLInputElement>) {
		const [file] = target.files ?? [];
		if (file) take(await file.text());
		target.value = "";
	}

	return (
		<div className="stack">
			<div className="field">
				<label htmlFor={id}>The plan as JSON</label>
				<textarea
					id={id}
					className="json"
					rows={28}
					spellCheck={false}
					value={shown}
					onChange={({ target }) => take(target.value)}
					aria-invalid={wrong ? true : undefined}
					aria-describedby={wrong ? `${id}-wrong` : undefined}
				/>
				{wrong && (
					<p className="wrong" id={`${id}-wrong`}>
						{wrong}
					</p>
				)}
			</div>
			<div className="actions">
				{wrong && (
					<Button kind="quiet" onClick={() => keep(null)}>
						Back to the plan as it is
					</Button>
				)}
				<Button
					kind="quiet"
					onClick={() => save(`${nameOf(history.present)}.json`, "application/json", written(history.present))}
				>
					Save as a file
				</Button>
				<label className="button" data-kind="quiet">
					Bring a file
					<input type="file" accept="application/json,.json" className="visually-hidden" onChange={bring} />
				</label>
			</div>
		</div>
	);
}

function same(text: string, plan: Json) {
	const said = read(text);
	return "plan" in said && JSON.stringify(said.plan) === JSON.stringify(plan);
}

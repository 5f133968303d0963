import { type ChangeEvent, useId, useState } from "react";
import { isObject, type Json } from "../../plans/schema";
import { Button } from "../../ui/Button";
import { save } from "../../ui/save";
import type { PlanDocument } from "./usePlanDocument";

const written = (plan: Json) => JSON.stringify(plan, null, 2);

const nameOf = (plan: Json) => (isObject(plan) && typeof plan.name === "string" ? plan.name : "plan");

/** The same plan as cs-json: to read, to change, to take away and to bring. */
export function JsonView({ document: { history, dispatch } }: { document: PlanDocument }) {
	const id = useId();
	const [text, setText] = useState(() => written(history.present));
	const [wrong, setWrong] = useState("");
	const shown = wrong || same(text, history.present) ? text : written(history.present);

	function take(typed: string) {
		setText(typed);
		try {
			const plan: Json = JSON.parse(typed);
			if (!isObject(plan)) throw new Error("a plan is an object, in braces");
			setWrong("");
			dispatch({ do: "replace", plan });
		} catch (error) {
			setWrong(`This is no JSON yet, and is not saved: ${error instanceof Error ? error.message : error}`);
		}
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
	try {
		return JSON.stringify(JSON.parse(text)) === JSON.stringify(plan);
	} catch {
		return false;
	}
}

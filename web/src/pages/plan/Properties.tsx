import type { Part } from "../../plans/components";
import { at, CLOUD, COMPONENTS, type Json, NAME, type Path } from "../../plans/schema";
import { insteadOf } from "../../plans/size";
import { wordsOf } from "../../plans/words";
import { Button } from "../../ui/Button";
import { Pickers, usePickers } from "./pickers";
import { SchemaForm } from "./SchemaForm";
import type { PlanDocument } from "./usePlanDocument";

interface Props {
	document: PlanDocument;
	/** The component that is selected. */
	part: Part | undefined;
	/** What is wrong, by pointer. */
	problems: Record<string, string>;
	onRemove: (key: string) => void;
}

/** The plan's own fields, and those of the component that is selected. */
export function Properties({ document: { history, dispatch }, part, problems, onRemove }: Props) {
	const plan = history.present;
	const hardware = ["components", part?.index ?? 0, "hardware"];
	const cpu = at(plan, [...hardware, "cpu"]);
	const pickers = usePickers({
		provider: word(at(plan, ["cloud", "provider"])) ?? "aws",
		region: word(at(plan, ["cloud", "region"])),
		cpu: typeof cpu === "number" ? cpu : undefined,
		architecture: word(at(plan, [...hardware, "architecture"])),
	});
	const shared = {
		errors: problems,
		onChange: (path: Path, value: Json | undefined) =>
			dispatch({ do: "set", path, value, insteadOf: value === undefined ? [] : insteadOf(path) }),
	};
	return (
		<Pickers value={pickers}>
			<form className="properties" aria-label="Properties" onSubmit={(event) => event.preventDefault()}>
				<SchemaForm {...shared} name="name" schema={NAME} value={at(plan, ["name"])} path={["name"]} />
				<SchemaForm {...shared} name="cloud" schema={CLOUD} value={at(plan, ["cloud"])} path={["cloud"]} />
				{part ? (
					<section key={part.key} className="component" aria-label={part.name}>
						<h2>
							{wordsOf(part.kind).label} <code>{part.name}</code>
						</h2>
						<Fields {...shared} plan={plan} part={part} />
						<Button kind="danger" onClick={() => onRemove(part.key)}>
							Remove {part.name} from the plan
						</Button>
					</section>
				) : (
					<p className="soft">Select a component to see what it is made of.</p>
				)}
			</form>
		</Pickers>
	);
}

const word = (value: Json | undefined) => (typeof value === "string" ? value : undefined);

interface FieldsProps {
	plan: Json;
	part: Part;
	errors: Record<string, string>;
	onChange: (path: Path, value: Json | undefined) => void;
}

function Fields({ plan, part: { kind, index }, ...shared }: FieldsProps) {
	const schema = COMPONENTS[kind];
	if (!schema) return <p>This page does not know components of the kind {kind} yet: change them as JSON.</p>;
	const { id: _, ...properties } = schema.properties ?? {};
	return Object.entries(properties).map(([name, property]) => {
		const path = ["components", index, name];
		return <SchemaForm {...shared} key={name} name={name} schema={property} value={at(plan, path)} path={path} />;
	});
}

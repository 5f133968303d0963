import type { ReactNode } from "react";
import type { components } from "../../api/schema";
import type { Preview } from "../../plans/queries";
import { counted } from "../../ui/amounts";
import { sentence } from "../../ui/Notice";

type How = components["schemas"]["How"];

const EFFECTS: Record<How, string> = {
	in_place: "; no connection is cut",
	reload: "; no connection is cut",
	restart: ", with one restart of PostgreSQL, which cuts connections once",
	reboot: "; the machine is stopped and started for it, which cuts connections for some minutes",
	replace: "; another machine takes over the data volume, and connections are cut for some minutes",
};

const HOW: Record<How, string> = {
	in_place: "Nobody notices.",
	reload: "PostgreSQL reads its settings again.",
	restart: "PostgreSQL restarts.",
	reboot: "The machine is stopped and started.",
	replace: "Another machine takes over.",
};

/** What a deploy would do, in a sentence. */
export function doing({ kind, effect }: Pick<Preview, "kind" | "effect">): string {
	if (kind === "new") return "Makes all of it, in your account.";
	if (kind === "none") return "What runs is what the plan says.";
	return `Changes what runs to what the plan says${effect ? EFFECTS[effect] : ""}.`;
}

/** Each thing that a deploy would make, change or remove. What changes something that runs is open to read. */
export function Changes({ kind, changes: { create, change, remove, settings } }: Pick<Preview, "kind" | "changes">) {
	const count = create.length + change.length + remove.length + settings.length;
	if (count === 0) return null;
	return (
		<details open={kind === "change"}>
			<summary>{counted(count, "change")} in your account</summary>
			<ul className="told">
				{create.map(({ id, type }) => (
					<li key={id}>
						<code>{id}</code>: makes {type}
					</li>
				))}
				{change.map(({ id, type, fields }) => (
					<li key={id}>
						<code>{id}</code>: changes {type}
						<ul className="told">
							{fields.map(({ pointer, ...difference }) => (
								<Differing key={pointer} name={pointer.replace(/^\//, "")} difference={difference} show={property} />
							))}
						</ul>
					</li>
				))}
				{remove.map(({ id, type }) => (
					<li key={id}>
						<code>{id}</code>: removes {type}
					</li>
				))}
				{settings.map(({ component, name, ...difference }) => (
					<Differing key={`${component} ${name}`} name={name} difference={difference} show={setting} />
				))}
			</ul>
		</details>
	);
}

interface Props<Value> {
	name: string;
	difference: { from?: Value; to?: Value; how: How; reason?: string | null };
	show: (value: Value | undefined) => ReactNode;
}

function Differing<Value>({ name, difference: { from, to, how, reason }, show }: Props<Value>) {
	return (
		<li>
			<code>{name}</code>: from {show(from)} to {show(to)}.{" "}
			<span className="soft">
				{HOW[how]} {reason && sentence(reason)}
			</span>
		</li>
	);
}

const property = (value: unknown) =>
	value == null ? "nothing" : <code>{typeof value === "string" ? value : JSON.stringify(value)}</code>;

const setting = (value?: string | null) => (value == null ? "the default" : <code>{value}</code>);

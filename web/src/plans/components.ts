import { sentence } from "../ui/Notice";
import { at, COMPONENTS, HOLDS, isObject, type Json, type Path } from "./schema";
import { wordsOf } from "./words";

/** A component of a plan, as a drawing or a list shows it. */
export interface Part {
	/** Tells it from the plan's others, for as long as the page is open. */
	key: string;
	/** Its place among the plan's components. */
	index: number;
	kind: string;
	name: string;
	/** What it is, such as "PostgreSQL 17". */
	title: string;
	/** Its machine and disk; empty where nothing is known of them yet. */
	size: string;
	status: string;
	/** What is wrong with it, a sentence each. */
	problems: string[];
}

/** What is known of a plan beside what stands in the page. */
interface Known {
	/** As the service has it: with the defaults that it filled in. */
	saved: Json;
	status: string;
	/** The status of each component that was deployed, by its id. */
	statuses: Record<string, string>;
	/** What is wrong, by pointer. */
	problems: Record<string, string>;
}

const listed = (plan: Json): Json[] => {
	const components = at(plan, ["components"]);
	return Array.isArray(components) ? components : [];
};

const idOf = (component: Json | undefined) => {
	const id = at(component, ["id"]);
	return typeof id === "string" ? id : "";
};

export function partsOf(plan: Json, { saved, status, statuses, problems }: Known): Part[] {
	const keys = new Set<string>();
	return listed(plan).map((component, index) => {
		const id = idOf(component);
		const key = id && !keys.has(id) ? id : `${id} ${index}`;
		keys.add(key);
		const kind = String(at(component, ["kind"]) ?? "");
		const before = listed(saved).find((other) => idOf(other) === id);
		const say = (...path: Path) => at(component, path) ?? at(before, path);
		return {
			key,
			index,
			kind,
			name: id || kind,
			title: [wordsOf(kind).label, say("db", "version")].filter(Boolean).join(" "),
			size: size(say),
			status: statuses[id] ?? status,
			problems: problemsOf(`components/${index}`, problems),
		};
	});
}

function size(say: (...path: Path) => Json | undefined): string {
	const type = say("aws", "instance_type");
	const [cpu, memory, disk] = [say("hardware", "cpu"), say("hardware", "memory_gib"), say("hardware", "disk", "size_gib")];
	const machine = type ? [type] : [cpu && `${cpu} vCPU`, memory && `${memory} GiB`];
	return [...machine, disk && `${disk} GiB disk`].filter(Boolean).join(", ");
}

/** Those below a pointer, named by their field. */
function problemsOf(below: string, problems: Record<string, string>): string[] {
	return Object.entries(problems)
		.filter(([pointer]) => pointer === below || pointer.startsWith(`${below}/`))
		.map(([pointer, message]) =>
			pointer === below
				? sentence(message)
				: `${wordsOf(pointer.slice(pointer.lastIndexOf("/") + 1)).label}: ${sentence(message)}`,
		);
}

/** Why a plan takes no further component; null where it does. */
export const isFull = (plan: Json): string | null =>
	listed(plan).length >= HOLDS.most
		? `A plan holds ${HOLDS.most === 1 ? "one component" : `${HOLDS.most} components`} so far`
		: null;

/** The id that a kind's schema names, or the first such with a number that no other component has. */
export function freeId(plan: Json, kind: string): string {
	const usual = String(COMPONENTS[kind]?.properties?.id?.default ?? kind);
	const taken = new Set(listed(plan).map(idOf));
	let id = usual;
	for (let number = 2; taken.has(id); number += 1) id = `${usual}${number}`;
	return id;
}

/** What a new component says by itself: what the service's defaults leave out, and everybody should have. */
const BEGINS: Record<string, { [key: string]: Json }> = { postgres: { backup: "needed" } };

/** The plan with one component more; the service fills in the rest of it. */
export const withComponent = (plan: Json, kind: string): Json => ({
	...(isObject(plan) ? plan : {}),
	components: [...listed(plan), { id: freeId(plan, kind), kind, ...BEGINS[kind] }],
});

/** A plan without anything, which is saved with its first component. */
export const EMPTY: Json = { schema: "cs-json/1", components: [] };

export const withoutComponent = (plan: Json, index: number): Json => ({
	...(isObject(plan) ? plan : {}),
	components: listed(plan).filter((_, at) => at !== index),
});

import schema from "../../../shared/domain/plan.schema.json";

/** As much of JSON Schema as the plan's uses. */
export interface Schema {
	type?: string | string[];
	title?: string;
	const?: unknown;
	enum?: unknown[];
	default?: unknown;
	examples?: unknown[];
	oneOf?: Schema[];
	properties?: Record<string, Schema>;
	required?: string[];
	items?: Schema;
	maxItems?: number;
	additionalProperties?: boolean | Schema;
	minimum?: number;
	maximum?: number;
	minLength?: number;
	maxLength?: number;
	pattern?: string;
	$ref?: string;
	$defs?: Record<string, Schema>;
}

/** The same file that the API checks plans with. */
const PLAN = schema as Schema;

/** The schema of a component, by its kind: the one registry of what a plan may hold. */
export const COMPONENTS: Record<string, Schema> = PLAN.$defs ?? {};
/** How many components a plan holds. */
export const HOLDS = { most: PLAN.properties?.components?.maxItems ?? Number.POSITIVE_INFINITY };
export const CLOUD: Schema = PLAN.properties?.cloud ?? {};
export const NAME: Schema = PLAN.properties?.name ?? {};

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Path = readonly (string | number)[];

export const isObject = (value: unknown): value is { [key: string]: Json } =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/** What stands at a path, or undefined. */
export function at(value: Json | undefined, path: Path): Json | undefined {
	let found = value;
	for (const step of path) found = Array.isArray(found) ? found[Number(step)] : isObject(found) ? found[String(step)] : undefined;
	return found;
}

/** A copy with another value at a path; undefined takes it out, and objects on the way are made. */
export function put(value: Json | undefined, path: Path, set: Json | undefined): Json {
	const [step, ...rest] = path;
	if (step === undefined) return set ?? null;
	if (Array.isArray(value)) return value.map((item, index) => (index === Number(step) ? put(item, rest, set) : item));
	const object = isObject(value) ? value : {};
	if (rest.length === 0 && set === undefined) return Object.fromEntries(Object.entries(object).filter(([key]) => key !== step));
	return { ...object, [step]: put(object[String(step)], rest, set) };
}

/** A path as the API's JSON pointers name it, without the slash that they begin with. */
export const pointer = (path: Path) => path.map((step) => String(step).replaceAll("~", "~0").replaceAll("/", "~1")).join("/");

import { readFileSync } from "node:fs";
import type { components } from "../../src/api/schema";

type Schemas = components["schemas"];

interface Schema {
	$ref?: string;
	allOf?: Schema[];
	anyOf?: Schema[];
	oneOf?: Schema[];
	const?: unknown;
	default?: unknown;
	enum?: unknown[];
	example?: unknown;
	examples?: unknown[];
	format?: string;
	items?: Schema;
	minimum?: number;
	properties?: Record<string, Schema>;
	type?: string | string[];
}

interface Operation {
	responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

interface Document {
	paths: Record<string, Record<string, Operation>>;
	components: { schemas: Record<string, Schema> };
}

/** What the API says of itself, of which the client's types are made too. Tests run in web/. */
export const document: Document = JSON.parse(readFileSync("../docs/openapi.json", "utf8"));

const TIMES: Record<string, string> = { "date-time": "2026-11-21T12:00:00Z", date: "2026-11-21" };

/** A value that the schema allows: its own example where it has one. */
export function example(schema: Schema): unknown {
	if (schema.$ref) return example(named(schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)));
	const [first] = schema.examples ?? [];
	const known = schema.example ?? first ?? schema.const ?? schema.default ?? schema.enum?.[0];
	if (known !== undefined) return known;
	if (schema.allOf) return Object.assign({}, ...schema.allOf.map(example));
	const [any] = schema.anyOf ?? schema.oneOf ?? [];
	if (any) return example(any);
	const types = [schema.type ?? "object"].flat();
	if (types.includes("null")) return null;
	switch (types[0]) {
		case "array":
			return schema.items ? [example(schema.items)] : [];
		case "boolean":
			return true;
		case "integer":
		case "number":
			return schema.minimum ?? 1;
		case "string":
			return TIMES[schema.format ?? ""] ?? "text";
		default:
			return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, property]) => [name, example(property)]));
	}
}

function named(name: string): Schema {
	const schema = document.components.schemas[name];
	if (!schema) throw new Error(`docs/openapi.json has no schema ${name}`);
	return schema;
}

/** An example of a schema of the document, by its name, with some of it set. */
export function made<Name extends keyof Schemas>(name: Name, set: Partial<Schemas[Name]> = {}): Schemas[Name] {
	return { ...(example(named(name)) as object), ...set } as Schemas[Name];
}

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { document } from "./example";

export interface Answer {
	method: string;
	url: string;
	status: number;
	/** The header `content-type`. */
	type: string | null | undefined;
	/** The body; undefined where it can't be read any more. */
	text: () => Promise<string | undefined>;
}

// OpenAPI's own words, such as `example`, are none of JSON Schema's.
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ ...document, $id: "openapi" });

/** Whether a path is one of a template, such as `/v1/plan/{plan_id}`. */
const isOf = (path: string, template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);

/** What of an answer of the API is not as docs/openapi.json has it; null where nothing is, or where it is no JSON. */
export async function wrongWith({ method, url, status, type, text }: Answer): Promise<string | null> {
	const path = new URL(url).pathname;
	const media = type?.split(";")[0] ?? "";
	// The gateway names a type even where there is nothing.
	if (!path.startsWith("/v1/") || !media.endsWith("json") || status === 204) return null;
	const name = `${method} ${path} answered ${status}`;
	const template = Object.keys(document.paths).find((one) => isOf(path, one)) ?? "";
	const at = ["paths", template, method.toLowerCase(), "responses", String(status), "content", media, "schema"];
	const conforms = ajv.getSchema(encodeURI(`openapi#/${at.map((step) => step.replaceAll("/", "~1")).join("/")}`));
	// The gateway and whatever else stands before the API may refuse in ways that the document leaves out.
	if (!conforms) return status < 300 ? `${name}, ${media}, which is not in the document` : null;
	const body = await text();
	return body === undefined || conforms(JSON.parse(body))
		? null
		: `${name}: ${ajv.errorsText(conforms.errors, { dataVar: "body" })}`;
}

import type { components } from "./schema";

export type Problem = components["schemas"]["Problem"];

/** What went wrong with a call, in the API's words where it said any. */
export class Failed extends Error {
	constructor(
		/** For people: what happened and what to do. */
		message: string,
		/** HTTP status; 0 where no answer came. */
		readonly status: number,
		/** Stable; `offline` where no answer came. */
		readonly code: string,
		/** To be named when asking for help; null where no function was reached. */
		readonly requestId: string | null,
		/** What is wrong with which field, by the field's name. */
		readonly fields: Record<string, string> = {},
	) {
		super(message);
	}
}

/** The failure that an answer tells of. The gateway's own answers are no problems: their text is made here. */
export function failed(response: Response, body: unknown): Failed {
	const problem = body as Partial<Problem> | undefined;
	const requestId = problem?.request_id ?? response.headers.get("x-request-id");
	if (problem?.detail && problem.code)
		return new Failed(problem.detail, response.status, problem.code, requestId, fieldErrors(problem.errors));
	const text =
		response.status === 429
			? "You ask too often. Wait a moment, then try again."
			: response.status === 401
				? "You are not signed in any more. Sign in again."
				: `The service answered with ${response.status}. Try again in a minute; what you typed is still here.`;
	return new Failed(text, response.status, "gateway", requestId);
}

/** No answer came at all. */
export function offline(): Failed {
	return new Failed(
		"No answer came: the network is down, or the service is. Check your connection, then try again.",
		0,
		"offline",
		null,
	);
}

function fieldErrors(errors: Problem["errors"]): Record<string, string> {
	const found: Record<string, string> = {};
	for (const { pointer, message } of errors ?? []) found[pointer.replace(/^\//, "")] = message;
	return found;
}

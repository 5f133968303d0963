import createClient, { type Middleware } from "openapi-fetch";
import { Failed, failed, offline } from "./problem";
import type { paths } from "./schema";
import { Session } from "./session";

// Looked up at each call: tests put their own in its place.
const plainFetch = (request: Request) => globalThis.fetch(request);
const baseUrl = globalThis.location?.origin ?? "";

/** Calls that need nobody signed in. */
const open = createClient<paths>({ baseUrl, fetch: plainFetch });

export const session = new Session({
	async refresh() {
		const answer = await reached(open.POST("/v1/auth/refresh", { body: {} }));
		return answer.response.status === 401 ? null : answered(answer);
	},
	async signOut() {
		const answer = await reached(open.POST("/v1/auth/sign-out", { body: {} }));
		if (answer.response.status !== 401) answered(answer); // 401: there was no cookie any more
	},
});

/** Puts the access token on, and once tries again with a new one where the gateway says that it has ended. */
const withToken: Middleware = {
	async onRequest({ request }) {
		const token = await session.access();
		if (token) request.headers.set("authorization", `Bearer ${token}`);
		return request;
	},
};

async function tryAgainOnce(request: Request): Promise<Response> {
	const again = request.clone();
	const response = await plainFetch(request);
	if (response.status !== 401 || !(await session.renew())) {
		if (response.status === 401) session.end();
		return response;
	}
	const token = await session.access();
	again.headers.set("authorization", `Bearer ${token}`);
	return plainFetch(again);
}

const api = createClient<paths>({ baseUrl, fetch: tryAgainOnce });
api.use(withToken);

interface Answer<T> {
	data?: T;
	error?: unknown;
	response: Response;
}

async function reached<T>(call: Promise<Answer<T>>): Promise<Answer<T>> {
	try {
		return await call;
	} catch (error) {
		if (error instanceof Failed) throw error;
		throw offline();
	}
}

function answered<T>({ data, error, response }: Answer<T>): T {
	if (!response.ok) throw failed(response, error);
	return data as T;
}

/** What a call answered; throws `Failed` otherwise. */
export async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
	return answered(await reached(call));
}

/** A POST that is carried out once, however often it is sent: the header for it. */
export function once() {
	return { header: { "Idempotency-Key": crypto.randomUUID() } };
}

export { api, open };

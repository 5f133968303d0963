import { render } from "@testing-library/react";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { session } from "../../src/api/client";
import { App } from "../../src/app/App";
import { MockApi } from "../mocks/api";
import { wrongWith } from "../mocks/conforms";

/** The whole app against an API of the test's own, which answers nothing that the real one would not. */
export function withApi() {
	const server = setupServer();
	const test = { api: new MockApi(), server };
	const judged: Promise<string | null>[] = [];
	server.events.on("response:mocked", ({ request: { method, url }, response }) => {
		const { status, headers } = response;
		const copy = response.clone();
		judged.push(wrongWith({ method, url, status, type: headers.get("content-type"), text: () => copy.text() }));
	});
	beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
	beforeEach(({ onTestFinished }) => {
		// After all that ends the test, which would be left out if this failed.
		onTestFinished(async () => expect((await Promise.all(judged.splice(0))).filter(Boolean)).toEqual([]));
		test.api = new MockApi();
		test.api.jar = null;
		server.use(...test.api.handlers);
	});
	afterEach(() => {
		server.resetHandlers();
		session.end();
		sessionStorage.clear();
		localStorage.clear();
	});
	afterAll(() => server.close());
	return test;
}

export function open(path: string) {
	history.replaceState(null, "", path);
	return render(<App />);
}

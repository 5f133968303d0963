import { render } from "@testing-library/react";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { session } from "../../src/api/client";
import { App } from "../../src/app/App";
import { MockApi } from "../mocks/api";

/** The whole app against an API of the test's own. */
export function withApi() {
	const server = setupServer();
	const test = { api: new MockApi(), server };
	beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
	beforeEach(() => {
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

import type { Page } from "@playwright/test";
import { getResponse } from "msw";
import { MockApi, PERSON } from "../mocks/api";

/** The page's API, in this process. */
export async function withApi(page: Page, api = new MockApi().withPerson()) {
	await page.context().route("**/v1/**", async (route) => {
		const asked = route.request();
		const body = asked.postDataBuffer();
		const request = new Request(asked.url(), {
			method: asked.method(),
			headers: await asked.allHeaders(),
			...(body && { body: new Uint8Array(body) }),
		});
		const answer = await getResponse(api.handlers, request);
		if (!answer) throw new Error(`nothing answers ${asked.method()} ${asked.url()}`);
		await route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() });
	});
	return api;
}

export async function signIn(page: Page) {
	await page.goto("/sign-in");
	await page.getByLabel("Email").fill(PERSON.email);
	await page.getByLabel("Password").fill(PERSON.password);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.getByRole("heading", { level: 1, name: "Plans" }).waitFor();
}

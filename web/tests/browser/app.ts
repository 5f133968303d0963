import type { Page } from "@playwright/test";
import { getResponse } from "msw";
import { plans } from "../mocks/answers";
import { MockApi, PERSON } from "../mocks/api";

/** The page's API, in this process, with what the site says of Google. */
export async function withApi(page: Page, api = new MockApi().withPerson()) {
	const asked = ({ pathname }: URL) => pathname.startsWith("/v1/") || pathname === "/sign-in.json";
	await page.context().route(asked, async (route) => {
		const sent = route.request();
		const body = sent.postDataBuffer();
		const request = new Request(sent.url(), {
			method: sent.method(),
			headers: await sent.allHeaders(),
			...(body && { body: new Uint8Array(body) }),
		});
		const answer = await getResponse(api.handlers, request);
		if (!answer) throw new Error(`nothing answers ${sent.method()} ${sent.url()}`);
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

/** Somebody who has opened the one plan that they have, which is not deployed. */
export async function openPlan(page: Page) {
	const api = new MockApi().withPerson();
	api.plans = plans("not_deployed");
	await withApi(page, api);
	await signIn(page);
	await page.getByRole("link", { name: "not_deployed-0" }).click();
	return api;
}

import { planId } from "../mocks/answers";
import { MockApi } from "../mocks/api";
import { signIn, withApi } from "./app";
import { expect, expectAccessible, test } from "./page";

test("axe finds nothing on the profile", async ({ page }) => {
	const api = new MockApi().withPerson();
	const line = {
		at: "2026-11-21T12:00:00Z",
		action: "plan-update",
		subject: planId(0),
		request_id: "req-1",
		address: "203.0.113.9",
	};
	api.audit = [line, { ...line, request_id: "req-0", address: null }];
	await withApi(page, api);
	await signIn(page);
	await page.getByRole("link", { name: "Profile" }).click();
	await expect(page.getByRole("list", { name: "What you did" }).getByRole("listitem")).toHaveCount(2);
	await expectAccessible(page);
	await page.getByRole("button", { name: "Delete your account" }).click();
	await page.getByLabel(/Type .* to go on/).waitFor();
	await expectAccessible(page);
});

// Takes docs/pictures anew, each page: npm run build && npm run pictures. Of the mocks, so that no picture shows a real account.

import type { Page } from "@playwright/test";
import { signIn, withApi } from "../../tests/browser/app";
import { test } from "../../tests/browser/page";
import { DEPLOYMENT, planId, plans, preview } from "../../tests/mocks/answers";
import { MockApi } from "../../tests/mocks/api";

const ENTRIES = ["sign-in", "sign-up", "confirm", "forgot", "reset"];

for (const colorScheme of ["light", "dark"] as const) {
	test(colorScheme, async ({ page }) => {
		await begin(page, colorScheme);
		await page.goto("/");
		await take(page, `landing-${colorScheme}`);

		const api = crowded();
		await withApi(page, api);
		if (colorScheme === "light") {
			for (const entry of ENTRIES) {
				await page.goto(`/${entry}`);
				await page.getByRole("heading", { level: 1 }).waitFor();
				await take(page, entry);
			}
		}
		await signIn(page);
		await page.getByText("$31.47").last().waitFor();
		if (colorScheme === "light") await take(page, "dashboard");

		await page.getByRole("link", { name: "first-plan" }).click();
		await page.getByText("setting of db").waitFor();
		await page.getByRole("group", { name: /^db/ }).waitFor();
		// The landing page shows it, so that the build has it.
		await page.screenshot({ path: `public/editor-${colorScheme}.png`, animations: "disabled" });
		if (colorScheme === "light") await rest(page, api);
	});
}

test("before there is a plan", async ({ page }) => {
	await begin(page);
	await withApi(page);
	await signIn(page);
	await page.getByRole("link", { name: "Start the first plan" }).waitFor();
	await take(page, "dashboard-empty");
	await page.getByRole("link", { name: "Start the first plan" }).click();
	await page.getByText("Drag a component here").waitFor();
	await take(page, "new-plan");
});

/** Each picture is of the same size and time. */
async function begin(page: Page, colorScheme: "light" | "dark" = "light") {
	await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
	await page.clock.setFixedTime("2026-11-21T22:00:00Z");
	await page.setViewportSize({ width: 1200, height: 800 });
}

async function take(page: Page, name: string, fullPage = false) {
	await page.screenshot({ path: `../docs/pictures/${name}.png`, animations: "disabled", fullPage });
}

/** Plans in every state, the first of them deployed. */
function crowded(): MockApi {
	const api = new MockApi().withPerson();
	api.google = { authorize: "https://example.com/oauth2/authorize", client_id: "page" };
	api.plans = plans("running", "deploying", "issue", "stopped", "not_deployed");
	for (const [at, name] of ["shop", "shop-staging", "reports", "archive", "first-plan"].entries()) {
		Object.assign(api.plans[at] ?? {}, { name, updated_at: `2026-11-21T${20 - 3 * at}:00:00Z` });
	}
	Object.assign(api.plans[0] ?? {}, { deployment_id: DEPLOYMENT.id });
	const line = { at: "2026-11-21T20:00:00Z", request_id: "req-1", address: "203.0.113.9" };
	api.audit = [
		{ ...line, action: "deployment-password", subject: DEPLOYMENT.id },
		{ ...line, at: "2026-11-21T19:40:00Z", action: "plan-update", subject: planId(0) },
	];
	return api;
}

/** The other pages, from the editor on. */
async function rest(page: Page, api: MockApi) {
	await take(page, "editor", true);
	await page.getByRole("tab", { name: "JSON" }).click();
	await page.getByLabel("The plan as JSON").waitFor();
	await take(page, "editor-json", true);
	await page.getByRole("tab", { name: "Plan", exact: true }).click();
	await page.getByRole("button", { name: "Deploy plan" }).click();
	await page.getByText("Make the machine").waitFor();
	await take(page, "deploying", true);

	Object.assign(api.deployment, {
		status: "running",
		configuration: preview().configuration.db?.settings,
		steps: DEPLOYMENT.steps.map((step) => ({ ...step, state: "done" })),
	});
	await page.getByRole("link", { name: "Plans" }).click();
	await page.getByRole("link", { name: "shop", exact: true }).click();
	await page.getByRole("link", { name: "Connection, configuration and events" }).click();
	await page.getByRole("button", { name: "Reveal the password" }).waitFor();
	await take(page, "deployment", true);

	await page.getByRole("link", { name: "Cloud accounts" }).click();
	await page.getByRole("link", { name: "Link an account" }).click();
	await page.getByLabel("Account number").fill("123456789012");
	await page.keyboard.press("Enter");
	await page.getByRole("link", { name: "Download the template" }).waitFor();
	await take(page, "link-account", true);
	api.roleIsMade = true;
	await page.getByRole("button", { name: "Verify the roles" }).click();
	await page.getByText("The roles are as they should be").waitFor();
	await page.getByRole("link", { name: "Cloud accounts" }).click();
	await page.getByRole("button", { name: "Unlink" }).waitFor();
	await take(page, "accounts");

	await page.getByRole("link", { name: "Profile" }).click();
	await page.getByRole("list", { name: "What you did" }).waitFor();
	await take(page, "profile", true);
}

import { DEPLOYMENT, plans } from "../mocks/answers";
import { MockApi } from "../mocks/api";
import { signIn, withApi } from "./app";
import { expect, expectAccessible, test } from "./page";

test("axe finds nothing on the dashboard, empty or with plans of every status", async ({ page }) => {
	const api = await withApi(page);
	await signIn(page);
	await expect(page.getByRole("link", { name: "Start the first plan" })).toBeVisible();
	await expectAccessible(page);

	api.plans = plans("not_deployed", "deploying", "running", "issue");
	await page.getByRole("button", { name: "Sign out" }).click();
	await signIn(page);
	await expect(page.getByText("$31.47 a month").first()).toBeVisible();
	await expectAccessible(page);
});

test("of 200 plans only those in view ask what they cost", async ({ page }) => {
	const api = new MockApi().withPerson();
	api.plans = plans(...Array.from({ length: 200 }, () => "running"));
	await withApi(page, api);
	await signIn(page);
	await expect(page.getByText("200 plans")).toBeVisible();
	await expect(page.getByText("$31.47 a month").first()).toBeVisible();
	const asked = () => api.asked.filter((call) => call.endsWith("/preview")).length;
	expect(asked()).toBeLessThan(40);
	await page.getByRole("searchbox").fill("running-199");
	await expect(page.getByText("1 of 200 plans")).toBeVisible();
	await expect(page.getByRole("listitem")).toContainText("$31.47 a month");
});

test("a lost network is told, and what was shown stays", async ({ page }) => {
	const api = new MockApi().withPerson();
	api.plans = plans("deploying");
	await withApi(page, api);
	await page.clock.install();
	await signIn(page);
	await expect(page.getByText("Deploying", { exact: true })).toBeVisible();
	await page.unroute("**/v1/**");
	await page.route("**/v1/**", (route) => route.abort());
	await page.clock.runFor(60_000);
	await expect(page.getByRole("alert")).toContainText("Check your connection");
	await expect(page.getByText("Deploying", { exact: true })).toBeVisible();

	await page.unroute("**/v1/**");
	await withApi(page, api);
	for (const plan of api.plans) plan.status = "running";
	await page.clock.runFor(10_000);
	await expect(page.getByText("Running", { exact: true })).toBeVisible();
	await expect(page.getByRole("alert")).toBeHidden();
});

test("axe finds nothing on a deployment, and in the question before it is destroyed", async ({ page }) => {
	const api = new MockApi().withPerson();
	api.plans = plans("running");
	api.deployment = { status: "running" };
	Object.assign(api.plans[0] ?? {}, { deployment_id: DEPLOYMENT.id });
	await withApi(page, api);
	await signIn(page);
	await page.getByRole("link", { name: "running-0" }).click();
	await page.getByRole("link", { name: "Connection, configuration and events" }).click();
	await page.getByRole("button", { name: "Reveal the password" }).click();
	await expect(page.getByText("a-secret")).toBeVisible();
	await expectAccessible(page);
	await page.getByRole("button", { name: "Destroy" }).click();
	await expectAccessible(page);
});

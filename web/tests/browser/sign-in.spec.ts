import { CODE, MockApi, PERSON } from "../mocks/api";
import { signIn, withApi } from "./app";
import { expect, expectAccessible, test } from "./page";

test("from the landing page to the plans, by keyboard alone", async ({ page }) => {
	await withApi(page, new MockApi());
	await page.goto("/");
	await page.getByRole("link", { name: "Start the first plan" }).focus();
	await page.keyboard.press("Enter");
	await page.getByLabel("Email").focus();
	await page.keyboard.type(PERSON.email);
	await page.keyboard.press("Tab");
	await page.keyboard.type(PERSON.password);
	await page.keyboard.press("Enter");

	await expect(page.getByRole("heading", { name: "Confirm your address" })).toBeVisible();
	await page.getByLabel("Code").focus();
	await page.keyboard.type(CODE);
	await page.keyboard.press("Enter");

	await expect(page.getByRole("status")).toContainText("confirmed");
	await page.getByLabel("Password").focus();
	await page.keyboard.type(PERSON.password);
	await page.keyboard.press("Enter");
	await expect(page.getByRole("heading", { name: "Plans" })).toBeVisible();
});

test("no token is where a script could read it", async ({ page, context }) => {
	await withApi(page);
	await signIn(page);
	const seen = await page.evaluate(() =>
		JSON.stringify({ ...localStorage, ...sessionStorage, cookie: document.cookie, address: location.href }),
	);
	expect(seen).not.toMatch(/access-|refresh-/);
	expect(await page.evaluate(() => document.cookie)).toBe("");
	const [kept, ...others] = await context.cookies();
	expect(others).toEqual([]);
	expect(kept).toMatchObject({ name: "__Host-refresh", httpOnly: true, secure: true, sameSite: "Strict", path: "/" });
});

test("a reload stays signed in, and so does the next visit", async ({ page }) => {
	await withApi(page);
	await signIn(page);
	await page.reload();
	await expect(page.getByRole("heading", { name: "Plans" })).toBeVisible();
	await page.goto("/sign-in");
	await expect(page.getByRole("heading", { name: "Plans" })).toBeVisible();
	expect(await page.evaluate(() => document.cookie)).toBe("");
});

test("tabs that are opened at once share one session, and a sign-out in one ends the others", async ({ page, context }) => {
	const api = await withApi(page);
	await signIn(page);
	// Long enough that all tabs would be at it together.
	await context.route("**/v1/auth/refresh", async (route) => {
		await new Promise((done) => setTimeout(done, 400));
		await route.fallback();
	});
	const others = await Promise.all([1, 2, 3].map(() => context.newPage()));
	await Promise.all(others.map((tab) => tab.goto("/dashboard")));
	for (const tab of others) await expect(tab.getByRole("heading", { name: "Plans" })).toBeVisible();
	api.endAccess();
	await Promise.all([page, ...others].map((tab) => tab.getByRole("link", { name: "Cloud accounts" }).click()));
	for (const tab of [page, ...others]) await expect(tab.getByText("No account is linked yet")).toBeVisible();

	await page.getByRole("button", { name: "Sign out" }).click();
	for (const tab of [page, ...others]) await expect(tab.getByRole("status")).toContainText("You are signed out.");
	await expect.poll(() => context.cookies()).toEqual([]);
	await page.goto("/dashboard");
	await expect(page).toHaveURL(/sign-in\?to=%2Fdashboard/);
});

test("a sign-out that the service did not hear of is told at the next load", async ({ page, context }) => {
	const api = await withApi(page);
	await signIn(page);
	await context.route("**/v1/auth/sign-out", (route) => route.abort());
	await page.getByRole("button", { name: "Sign out" }).click();
	await expect(page.getByRole("status")).toContainText("You are signed out.");
	expect(await context.cookies()).toHaveLength(1);
	await context.unroute("**/v1/auth/sign-out");
	await page.goto("/dashboard");
	await expect(page).toHaveURL(/sign-in\?to=%2Fdashboard/);
	expect(api.asked.filter((call) => call.endsWith("/sign-out"))).toHaveLength(1);
	expect(await context.cookies()).toEqual([]);
});

test("signs in by Google, by way of Cognito's page", async ({ page, context, baseURL }) => {
	const api = await withApi(page, new MockApi());
	api.google = { authorize: `${baseURL}/oauth2/authorize`, client_id: "client" };
	await context.route("**/oauth2/authorize?**", (route) => {
		const asked = new URL(route.request().url()).searchParams;
		api.codes.set("a-code", asked.get("code_challenge") ?? "");
		const back = `${asked.get("redirect_uri")}?code=a-code&state=${asked.get("state")}`;
		return route.fulfill({ status: 302, headers: { location: back } });
	});
	await page.goto("/sign-in");
	const button = page.getByRole("button", { name: "Continue with Google" });
	await expect(button).toBeVisible();
	await expectAccessible(page);
	await button.click();
	await expect(page.getByRole("heading", { name: "Plans" })).toBeVisible();
	expect(page.url()).not.toMatch(/code|state/);
	await page.goBack();
	await expect(page.getByRole("heading", { name: "Plans" })).toBeVisible();
	await page.goto("/sign-in/google?code=a-code&state=google.x");
	await expect(page.getByRole("alert")).toContainText("was not begun in this tab");
	await expectAccessible(page);
});

for (const path of ["/sign-in", "/sign-up", "/confirm", "/forgot", "/reset", "/no/such/page"]) {
	test(`axe finds nothing on ${path}`, async ({ page }) => {
		await withApi(page);
		await page.goto(path);
		await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
		await expectAccessible(page);
	});
}

test("axe finds nothing where something is wrong", async ({ page }) => {
	await withApi(page);
	await page.goto("/confirm");
	await page.getByLabel("Email").fill(PERSON.email);
	await page.getByLabel("Code").fill("000000");
	await page.getByRole("button", { name: "Confirm" }).click();
	await expect(page.getByText("The code is not the one that was sent.")).toBeVisible();
	await expectAccessible(page);
});

test("axe finds nothing while a new code is waited for", async ({ page }) => {
	await withApi(page);
	await page.goto("/confirm");
	await page.getByLabel("Email").fill(PERSON.email);
	await page.getByRole("button", { name: "Send another code" }).click();
	await expect(page.getByRole("button", { name: /in \d+ s/ })).toBeVisible();
	await expectAccessible(page);
});

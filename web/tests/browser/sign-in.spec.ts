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

test("no token is where another script could look for it later", async ({ page }) => {
	await withApi(page);
	await signIn(page);
	const kept = await page.evaluate(() =>
		JSON.stringify({ ...localStorage, ...sessionStorage, cookie: document.cookie, address: location.href }),
	);
	expect(kept).not.toMatch(/access-|refresh-/);
});

test("a reload asks to sign in again, and leads back", async ({ page }) => {
	await withApi(page);
	await signIn(page);
	await page.reload();
	await expect(page).toHaveURL(/sign-in\?to=%2Fdashboard/);
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

import { expect, expectAccessible, test } from "./page";

test("is read without any script", async ({ browser }) => {
	const page = await browser.newPage({ javaScriptEnabled: false });
	await page.goto("/");
	await expect(page.getByRole("heading", { level: 1 })).toContainText("PostgreSQL in your own cloud account");
	await expect(page.getByRole("link", { name: "Start the first plan" })).toHaveAttribute("href", "/sign-up");
	await page.close();
});

test("loads next to no script, all of it by the policy", async ({ page }) => {
	let bytes = 0;
	page.on("response", async (answer) => {
		if (answer.request().resourceType() === "script") bytes += (await answer.body()).length;
	});
	const answer = await page.goto("/");
	expect(answer?.headers()["content-security-policy"]).toContain("script-src 'self';");
	await page.waitForLoadState("networkidle");
	expect(bytes).toBeGreaterThan(0);
	expect(bytes).toBeLessThan(4_000);
	expect(await page.locator("script:not([src])").count()).toBe(0);
});

test("switches between light and dark, and remembers it", async ({ page }) => {
	await page.emulateMedia({ colorScheme: "light" });
	await page.goto("/");
	const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
	const light = await background();
	await page.getByRole("button", { name: "Switch between light and dark" }).click();
	const dark = await background();
	expect(dark).not.toBe(light);
	await page.reload();
	expect(await background()).toBe(dark);
});

test("axe finds nothing", async ({ page }) => {
	await page.goto("/");
	await expectAccessible(page);
});

import { expect, expectAccessible, test } from "./page";

test("is read without any script", async ({ browser }) => {
	const page = await browser.newPage({ javaScriptEnabled: false });
	await page.goto("/");
	await expect(page.getByRole("heading", { level: 1 })).toContainText("PostgreSQL in your own cloud account");
	await expect(page.getByRole("link", { name: "Start the first plan" })).toHaveAttribute("href", "/sign-up");
	await page.close();
});

test("says what is offered, the way there, how to host it, what it is, and whom to ask", async ({ page }) => {
	await page.goto("/");
	const section = (name: string) => page.getByRole("region", { name });
	await expect(section("What you get").getByRole("heading", { level: 3 })).toHaveText([
		"Your account, not ours",
		"No code",
		"One click",
		"Best practices, with reasons",
		"Closed by default",
		"Restores that are proven: on their way",
		"Your way out",
	]);
	await expect(section("From nothing to a query in three steps").getByRole("listitem").getByRole("heading")).toHaveText([
		"Link your account",
		"Draw a plan",
		"Press Deploy",
	]);
	for (const command of ["./scripts/demo", "./scripts/test", "./scripts/deploy ENV"])
		await expect(section("Open source, and yours to host")).toContainText(command);
	await expect(section("Open source, and yours to host")).toContainText(/Read the source|The source comes from/);
	await expect(section("About")).toContainText("applies it, and shows it");
	await expect(section("Contact")).toContainText(/Write to|Ask those who gave you this page's address/);
	const nav = page.getByRole("navigation", { name: "Main" });
	for (const name of ["How it works", "Open source", "About", "Contact"]) {
		const target = (await nav.getByRole("link", { name }).getAttribute("href")) ?? "";
		await expect(page.locator(target)).toHaveCount(1);
	}
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

for (const [theme, other] of [
	["light", "dark"],
	["dark", "light"],
] as const)
	test(`shows the editor as it looks in ${theme}, and loads no other picture of it`, async ({ page }) => {
		const loaded: string[] = [];
		page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
		await page.emulateMedia({ colorScheme: theme });
		await page.goto("/");
		const picture = page.getByRole("img", { name: /^The editor/ });
		await picture.scrollIntoViewIfNeeded();
		await expect(picture).toHaveAttribute("src", `/editor-${theme}.png`);
		await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1200);
		expect(loaded).not.toContain(`/editor-${other}.png`);
	});

test("axe finds nothing", async ({ page }) => {
	await page.goto("/");
	await expectAccessible(page);
});

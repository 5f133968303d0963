import { signIn, withApi } from "./app";
import { expect, expectAccessible, test } from "./page";

/** Holds every answer to an address until it is let go. */
async function held(page: Parameters<typeof signIn>[0], address: RegExp) {
	let letGo = () => {};
	const until = new Promise<void>((done) => {
		letGo = done;
	});
	await page.context().route(address, async (route) => {
		await until;
		await route.fallback();
	});
	return letGo;
}

for (const [what, address] of [
	["its session", /\/v1\/auth\/refresh$/],
	["its code", /\/Dashboard-[^/]+\.js$/],
] as const)
	test(`a reload that waits for ${what} shows that the page is on its way`, async ({ page }) => {
		await withApi(page);
		await signIn(page);
		const letGo = await held(page, address);
		await page.reload({ waitUntil: "commit" });
		await expect(page.getByRole("status", { name: "The page is on its way" })).toBeVisible();
		await expect(page.getByRole("link", { name: "Cloudsail" })).toHaveCount(1);
		await expect(page.getByRole("main")).toHaveCount(1);
		await expectAccessible(page);
		letGo();
		await expect(page.getByRole("heading", { level: 1, name: "Plans" })).toBeVisible();
		await expect(page.getByRole("status", { name: "The page is on its way" })).toBeHidden();
	});

test("a sign-in that waits for its code is told to be on its way, too", async ({ page }) => {
	await withApi(page);
	const letGo = await held(page, /\/SignIn-[^/]+\.js$/);
	await page.goto("/sign-in", { waitUntil: "commit" });
	const waiting = page.getByRole("status", { name: "The page is on its way" });
	await expect(waiting).toBeVisible();
	expect((await waiting.boundingBox())?.width).toBeGreaterThan(200);
	letGo();
	await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
	await expect(waiting).toBeHidden();
});

// Takes docs/pictures anew: npm run build && npm run pictures. Of the mocks, so that no picture shows a real account.

import { signIn, withApi } from "../../tests/browser/app";
import { test } from "../../tests/browser/page";
import { MockApi, plans } from "../../tests/mocks/api";

const to = (name: string) => ({ path: `../docs/pictures/${name}.png`, animations: "disabled" }) as const;

for (const colorScheme of ["light", "dark"] as const) {
	test(colorScheme, async ({ page }) => {
		await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
		await page.clock.setFixedTime("2026-11-21T22:00:00Z");
		await page.setViewportSize({ width: 1200, height: 800 });
		await page.goto("/");
		await page.screenshot(to(`landing-${colorScheme}`));

		const api = new MockApi().withPerson();
		api.plans = plans("running", "deploying", "issue", "stopped", "not_deployed");
		for (const [at, name] of ["shop", "shop-staging", "reports", "archive", "first-plan"].entries()) {
			Object.assign(api.plans[at] ?? {}, { name, updated_at: `2026-11-21T${20 - 3 * at}:00:00Z` });
		}
		await withApi(page, api);
		await page.goto("/sign-in");
		await page.getByRole("heading", { name: "Sign in" }).waitFor();
		if (colorScheme === "light") await page.screenshot(to("sign-in"));
		await signIn(page);
		await page.getByText("$31.47").last().waitFor();
		if (colorScheme === "light") await page.screenshot(to("dashboard"));
		await page.getByRole("link", { name: "first-plan" }).click();
		await page.getByText("setting of db").waitFor();
		await page.getByRole("group", { name: /^db/ }).waitFor();
		// The landing page shows it, so that the build has it.
		await page.screenshot({ path: `public/editor-${colorScheme}.png`, animations: "disabled" });
		if (colorScheme === "dark") return;
		await page.screenshot(to("editor"));
		await page.getByRole("link", { name: "Cloud accounts" }).click();
		await page.getByRole("link", { name: "Link an account" }).click();
		await page.getByLabel("Account number").fill("123456789012");
		await page.keyboard.press("Enter");
		await page.getByRole("link", { name: "Download the template" }).waitFor();
		await page.screenshot(to("link-account"));
	});
}

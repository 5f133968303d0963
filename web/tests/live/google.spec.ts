import { expect, expectAccessible, test } from "../browser/page";

test("signs in by Google, stays signed in, and gives up the next time", async ({ page }) => {
	const email = `google-${Date.now()}@example.com`;
	const heading = page.getByRole("heading", { level: 1, name: "Plans" });
	await page.goto("/sign-in?to=%2Fprofile");
	await page.getByRole("button", { name: "Continue with Google" }).click();
	await page.getByLabel("Google address").fill(email);
	await page.getByRole("button", { name: "Continue" }).click();
	await expect(page).toHaveURL(/\/profile$/);
	await expect(page.getByText(email)).toBeVisible();
	expect(await page.evaluate(() => document.cookie + JSON.stringify(sessionStorage))).toBe("{}");

	await page.goto("/dashboard");
	await expect(heading).toBeVisible();
	await page.getByRole("button", { name: "Sign out" }).click();
	await expect(page.getByRole("status")).toContainText("You are signed out.");

	await page.getByRole("button", { name: "Continue with Google" }).click();
	await page.getByRole("link", { name: "Cancel" }).click();
	await expect(page.getByRole("alert")).toContainText("Google did not sign you in");
	await expectAccessible(page);
	await page.getByRole("link", { name: "Back to sign in" }).click();

	// The same person comes back to what is theirs.
	await page.getByRole("button", { name: "Continue with Google" }).click();
	await page.getByLabel("Google address").fill(email);
	await page.getByRole("button", { name: "Continue" }).click();
	await expect(heading).toBeVisible();
});

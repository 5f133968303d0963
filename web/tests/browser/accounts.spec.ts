import { signIn, withApi } from "./app";
import { expect, expectAccessible, test } from "./page";

test("axe finds nothing on the way to a linked account, and in the question before it goes", async ({ page }) => {
	const api = await withApi(page);
	await signIn(page);
	await page.getByRole("link", { name: "Cloud accounts" }).click();
	await expect(page.getByText("No account is linked yet")).toBeVisible();
	await page.getByRole("link", { name: "Link an account" }).click();
	await expectAccessible(page);

	await page.getByLabel("Account number").fill("123456789012");
	await page.keyboard.press("Enter");
	const saved = page.waitForEvent("download");
	await page.getByRole("link", { name: "download the template" }).click();
	expect((await saved).suggestedFilename()).toMatch(/^cloudsail-\w+\.json$/);
	await page.getByText("What the roles may do").click();
	await expectAccessible(page);

	api.roleIsMade = true;
	await page.getByRole("button", { name: "Verify the roles" }).click();
	await expect(page.getByText("The roles are as they should be")).toBeVisible();
	await page.getByRole("link", { name: "Cloud accounts" }).click();
	await page.getByRole("button", { name: "Unlink" }).click();
	await expect(page.getByRole("dialog")).toBeVisible();
	await expectAccessible(page);
	await page.keyboard.press("Escape");
	await expect(page.getByRole("button", { name: "Unlink" })).toBeFocused();
});

import { openPlan } from "./app";
import { expect, expectAccessible, PHONE, test } from "./page";

test("on a phone a plan is opened, changed in its form and deployed", async ({ page }) => {
	await page.setViewportSize(PHONE);
	const api = await openPlan(page);
	await page.getByRole("button", { name: "db, PostgreSQL 17" }).click();
	await page.getByLabel("Connections").fill("250");
	await expect(page.getByText("Saved", { exact: true })).toBeVisible();
	await expect.poll(() => JSON.stringify(api.plans[0]?.plan)).toContain('"max_connections":250');
	await expect(page.getByText("Makes all of it, in your account.")).toBeVisible();
	await page.getByRole("button", { name: "Deploy plan" }).click();
	await expect(page.getByText("Make the machine")).toBeVisible();
	expect(api.plans[0]?.status).toBe("deploying");
	await expectAccessible(page);
});

test("a plan is exported as a folder of Terraform, in one archive that has its name", async ({ page }) => {
	await openPlan(page);
	const files = [{ path: "main.tf", content: "# all of it" }];
	await page.route("**/v1/plan/*/export?to=terraform", (route) => route.fulfill({ json: { folder: "cloudsail-shop", files } }));
	const saved = page.waitForEvent("download");
	await page.getByRole("button", { name: "Export as Terraform" }).click();
	const download = await saved;
	expect(download.suggestedFilename()).toBe("cloudsail-shop.tar");
	const chunks: Buffer[] = [];
	for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
	const archive = Buffer.concat(chunks).toString("utf8");
	expect(archive).toContain("cloudsail-shop/main.tf");
	expect(archive).toContain("# all of it");
});

import { MockApi, plans } from "../mocks/api";
import { signIn, withApi } from "./app";
import { expect, expectAccessible, test } from "./page";

async function opened(page: Parameters<typeof signIn>[0]) {
	const api = new MockApi().withPerson();
	api.plans = plans("not_deployed");
	await withApi(page, api);
	await signIn(page);
	await page.getByRole("link", { name: "not_deployed-0" }).click();
	await expect(page.getByRole("button", { name: "Deploy plan" })).toBeEnabled();
	return api;
}

test("axe finds nothing in the editor: canvas, properties, JSON, what is wrong, and a deployment under way", async ({ page }) => {
	const api = await opened(page);
	await page.getByText("setting of db, with reasons").click();
	await expectAccessible(page);
	await page.getByRole("tab", { name: "JSON" }).click();
	await page.getByLabel("The plan as JSON").fill("{");
	await expect(page.getByText("This is no JSON yet")).toBeVisible();
	await expectAccessible(page);
	await page.getByRole("tab", { name: "Plan", exact: true }).click();
	await page.getByRole("button", { name: "Deploy plan" }).click();
	await expect(page.getByText("Make the machine")).toBeVisible();
	await expectAccessible(page);
	expect(api.plans[0]?.status).toBe("deploying");
});

test("a plan is changed and deployed by keyboard alone", async ({ page }) => {
	const api = await opened(page);
	await page.getByLabel("Connections").focus();
	await page.keyboard.press("ControlOrMeta+a");
	await page.keyboard.type("250");
	await expect(page.getByText("Saved", { exact: true })).toBeVisible();
	expect(JSON.stringify(api.plans[0]?.plan)).toContain('"max_connections":250');
	await page.keyboard.press("ControlOrMeta+z");
	await expect(page.getByLabel("Connections")).toHaveValue("200");
	await page.getByRole("button", { name: "Deploy plan" }).focus();
	await expect(page.getByText("Makes all of it, in your account.")).toBeVisible();
	await page.keyboard.press("Enter");
	await expect(page.getByText("A deployment of this plan is under way.")).toBeVisible();
});

test("nothing that was typed is lost by a reload", async ({ page }) => {
	const api = await opened(page);
	await page.route("**/v1/**", (route) => route.abort());
	await page.getByLabel("Connections").fill("333");
	await expect(page.getByRole("alert").first()).toContainText("Check your connection");
	await page.unroute("**/v1/**");
	await page.reload();
	await expect(page.getByLabel("Connections")).toHaveValue("333");
	await expect.poll(() => JSON.stringify(api.plans[0]?.plan)).toContain('"max_connections":333');
});

test("the plan is taken away as a file, and brought back", async ({ page }) => {
	const api = await opened(page);
	await page.getByRole("tab", { name: "JSON" }).click();
	const saved = page.waitForEvent("download");
	await page.getByRole("button", { name: "Save as a file" }).click();
	expect((await saved).suggestedFilename()).toBe("shop.json");
	const other = { ...(api.plans[0]?.plan as object), name: "brought" };
	await page
		.getByLabel("Bring a file")
		.setInputFiles({ name: "other.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(other)) });
	await expect(page.getByRole("heading", { level: 1, name: "brought" })).toBeVisible();
	await expect.poll(() => api.plans[0]?.name).toBe("brought");
});

test("a machine type is picked from a list by keyboard, and axe finds nothing in the list", async ({ page }) => {
	const api = await opened(page);
	const field = page.getByRole("combobox", { name: "Machine type" });
	await field.focus();
	await page.keyboard.type("8 gib");
	await page.keyboard.press("ArrowDown");
	await expect(page.getByRole("option", { name: /m7i.large/ })).toContainText("$73.00 a month");
	await expectAccessible(page);
	await page.keyboard.press("Enter");
	await expect(field).toHaveValue("m7i.large");
	await expect(page.getByRole("group", { name: /^db/ })).toContainText("m7i.large, 20 GiB disk");
	await expect.poll(() => JSON.stringify(api.plans[0]?.plan)).toContain('"aws":{"instance_type":"m7i.large"}');
});

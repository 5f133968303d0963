import { HttpResponse, http } from "msw";
import type { Step } from "../../src/deployments/queries";
import type { Preview } from "../../src/plans/queries";
import { DEPLOYMENT, plans, preview } from "../mocks/answers";
import { MockApi } from "../mocks/api";
import { openPlan, signIn, withApi } from "./app";
import { expect, expectAccessible, test } from "./page";

async function opened(page: Parameters<typeof signIn>[0]) {
	const api = await openPlan(page);
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

test("axe finds nothing where a change went wrong: each step, what it would change, and both ways on", async ({ page }) => {
	const api = new MockApi().withPerson();
	api.plans = plans("issue");
	Object.assign(api.plans[0] ?? {}, { deployment_id: DEPLOYMENT.id });
	const began = Date.parse("2026-11-21T12:00:00Z");
	const step = (title: string, state: Step["state"], at: number, ended = true): Step => ({
		name: title,
		title,
		state,
		started_at: new Date(began + at).toISOString(),
		ended_at: ended ? new Date(began + at + 65_000).toISOString() : null,
	});
	const coming = (title: string): Step => ({ name: title, title, state: "waiting", started_at: null, ended_at: null });
	const steps = [
		step("Changing the disk", "done", 0),
		step("Changing the machine", "failed", 65_000),
		step("Booting", "running", 130_000, false),
		coming("Installing and starting PostgreSQL"),
		coming("Asking PostgreSQL"),
	];
	api.deployment = { status: "issue", reason: "the machine did not answer", steps, target_version: 2 };
	const changes: Preview["changes"] = {
		create: [],
		change: [
			{
				id: "db-volume",
				type: "AWS::EC2::Volume",
				how: "in_place",
				fields: [{ pointer: "/Size", from: 20, to: 40, how: "in_place", reason: "the plan says 40 GiB" }],
			},
		],
		remove: [],
		settings: [{ component: "db", name: "work_mem", from: "8MB", to: null, how: "reload" }],
	};
	const told = http.post("*/v1/plan/:id/preview", () =>
		HttpResponse.json(preview({ kind: "change", effect: "reload", changes })),
	);
	api.handlers.unshift(told);
	await withApi(page, api);
	await signIn(page);
	await page.getByRole("link", { name: "issue-0" }).click();
	await expect(page.getByText("no connection is cut")).toBeVisible();
	await expect(page.getByText("from 20 to 40")).toBeVisible();
	await expectAccessible(page);
	await page.getByRole("link", { name: "Connection, configuration and events" }).click();
	await expect(page.getByText("Failed after 1 min 5 s")).toBeVisible();
	await expectAccessible(page);
	await expect(page.getByRole("button", { name: "Cancel the change" })).toBeVisible();
	await page.getByRole("button", { name: "Try again" }).click();
	await expect(page.getByText("Under way for")).toBeVisible();
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

import { openPlan, signIn, withApi } from "./app";
import { expect, expectAccessible, test } from "./page";

type Page = Parameters<typeof signIn>[0];
const card = (page: Page) => page.getByRole("group", { name: /^db, PostgreSQL 17/ });
const canvas = (page: Page) => page.getByRole("application", { name: "Canvas" });
const shift = async (page: Page) => (await card(page).getAttribute("style"))?.match(/translate\([^)]*\)/)?.[0];

async function opened(page: Page) {
	const api = await openPlan(page);
	await expect(card(page)).toBeVisible();
	return api;
}

test("a component that is dragged onto the empty canvas begins a plan, and stands where it was dropped", async ({ page }) => {
	const api = await withApi(page);
	await signIn(page);
	await page.getByRole("link", { name: "Start the first plan" }).click();
	await expect(page.getByText("Drag a component here")).toBeVisible();
	await expectAccessible(page);
	expect(api.plans).toEqual([]);
	await page.getByRole("button", { name: "Add PostgreSQL" }).dragTo(canvas(page), { targetPosition: { x: 120, y: 90 } });
	await expect(card(page)).toContainText("2 vCPU, 4 GiB, 20 GiB disk");
	await expect(card(page)).toContainText("Not deployed");
	await expect(page).toHaveURL(new RegExp(`/plan/${api.plans[0]?.id}$`));
	expect(await shift(page)).toBe("translate(120px, 90px)");
});

test("a component is added, selected, moved, removed and brought back by keyboard alone", async ({ page }) => {
	const api = await opened(page);
	await canvas(page).click({ position: { x: 20, y: 20 } });
	await expect(page.getByText("Select a component to see what it is made of.")).toBeVisible();
	await card(page).focus();
	await page.keyboard.press("Enter");
	await expect(page.getByLabel("Connections")).toBeVisible();
	const before = await shift(page);
	await page.keyboard.press("Shift+ArrowRight");
	await expect.poll(() => shift(page)).toBe("translate(20px, 0px)");
	expect(before).toBe("translate(0px, 0px)");
	await page.keyboard.press("Delete");
	await expect(card(page)).toBeHidden();
	await expect(page.getByRole("alert")).toContainText("exactly one component");
	await expect(page.getByRole("button", { name: "Add PostgreSQL" })).toBeFocused();
	await page.keyboard.press("ControlOrMeta+z");
	await expect(card(page)).toBeVisible();
	expect(await shift(page)).toBe("translate(20px, 0px)");
	await page.keyboard.press("ControlOrMeta+Shift+z");
	await expect(card(page)).toBeHidden();
	await page.keyboard.press("Enter");
	await expect(page.getByRole("group", { name: /^db, PostgreSQL/ })).toBeVisible();
	await expect.poll(() => JSON.stringify(api.plans[0]?.plan)).toContain('[{"id":"db","kind":"postgres","backup":"needed"}]');
});

test("a card stays where it was dragged to, after a reload too", async ({ page }) => {
	await opened(page);
	await card(page).hover();
	await page.mouse.down();
	const box = await card(page).boundingBox();
	await page.mouse.move((box?.x ?? 0) - 40, (box?.y ?? 0) - 60, { steps: 4 });
	await page.mouse.up();
	const dragged = await shift(page);
	expect(dragged).not.toBe("translate(0px, 0px)");
	await page.reload();
	await expect(card(page)).toBeVisible();
	expect(await shift(page)).toBe(dragged);
});

test("what the service refuses is told on the card and at the field", async ({ page }) => {
	const api = await opened(page);
	api.refusal = { pointer: "/components/0/db/max_connections", message: "must be between 10 and 5000" };
	await page.getByLabel("Connections").fill("1");
	await expect(card(page)).toContainText("Connections: Must be between 10 and 5000.");
	await expect(page.getByLabel("Connections")).toHaveAccessibleDescription(/Must be between 10 and 5000/);
	await expectAccessible(page);
});

test("on a phone the components are a list, and the canvas is not even loaded", async ({ page }) => {
	const loaded: string[] = [];
	page.on("request", (request) => loaded.push(request.url()));
	await page.setViewportSize({ width: 360, height: 740 });
	await openPlan(page);
	await expect(page.getByRole("button", { name: "db, PostgreSQL 17" })).toHaveAttribute("aria-pressed", "true");
	await expect(canvas(page)).toBeHidden();
	expect(loaded.filter((url) => /Canvas/.test(url))).toEqual([]);
	await expectAccessible(page);
});

import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

/** A test whose page may say nothing on its console that is wrong: what the Content-Security-Policy refuses is said there. */
export const test = base.extend<{ complaints: string[] }>({
	complaints: [
		async ({ page }, use) => {
			const complaints: string[] = [];
			page.on("pageerror", (error) => complaints.push(String(error)));
			page.on("console", (message) => {
				// The browser says so itself of each answer of 400 and above; what the page makes of it is the test's matter.
				if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complaints.push(message.text());
			});
			await use(complaints);
			expect(complaints).toEqual([]);
		},
		{ auto: true },
	],
});

const WIDE = { width: 1280, height: 720 };
export const PHONE = { width: 360, height: 740 };

/** In light and in dark, and at a phone's width, where menus and rows are others: axe finds nothing, and nothing stands out at the side. */
export async function expectAccessible(page: Page) {
	const before = page.viewportSize() ?? WIDE;
	for (const [colorScheme, size] of [
		["light", before],
		["dark", before],
		["light", PHONE],
	] as const) {
		await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
		await page.setViewportSize(size);
		const { violations } = await new AxeBuilder({ page }).analyze();
		expect(
			violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ target, failureSummary }) => [target, failureSummary]) })),
			`${colorScheme}, ${size.width} pixels wide`,
		).toEqual([]);
	}
	const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	expect(over, "nothing is wider than a phone").toBeLessThanOrEqual(0);
	await page.setViewportSize(before);
}

export { expect };

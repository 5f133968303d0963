import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, test as base, expect, type Page, type Response } from "@playwright/test";
import { wrongWith } from "../mocks/conforms";

/** Judges what the service answers to the pages from now on; what is called in the end says what is not as docs/openapi.json has it. */
export function judge(context: BrowserContext): () => Promise<string[]> {
	const judged: Promise<string | null>[] = [];
	context.on("response", (response) => judged.push(judgedOf(response)));
	return async () => (await Promise.all(judged.splice(0))).filter((wrong) => wrong !== null);
}

async function judgedOf(response: Response): Promise<string | null> {
	const request = response.request();
	const type = response.headers()["content-type"];
	// The browser keeps no body of a page that was left.
	const text = () => response.text().catch(() => undefined);
	return wrongWith({ method: request.method(), url: response.url(), status: response.status(), type, text });
}

/**
 * A test whose page may say nothing on its console that is wrong, where what the Content-Security-Policy refuses is said, and gets no
 * answer that is not as documented.
 */
export const test = base.extend<{ complaints: string[]; documented: boolean }>({
	/** Whether its answers are to be as documented. */
	documented: [true, { option: true }],
	complaints: [
		async ({ page, documented }, use) => {
			const complaints: string[] = [];
			page.on("pageerror", (error) => complaints.push(String(error)));
			page.on("console", (message) => {
				// The browser says so itself of each answer of 400 and above; what the page makes of it is the test's matter.
				if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complaints.push(message.text());
			});
			const wrong = judge(page.context());
			await use(complaints);
			expect([...complaints, ...(documented ? await wrong() : [])]).toEqual([]);
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

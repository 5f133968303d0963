// What Lighthouse says of the built page, with its desktop preset: npm run build && npm run lighthouse.
import { expect, test } from "@playwright/test";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer, { type Page } from "puppeteer-core";
import { plans } from "../../tests/mocks/answers";
import { MockApi, PERSON } from "../../tests/mocks/api";
import { serve } from "./server";

const ROUNDS = 3;
const CATEGORIES = ["performance", "accessibility", "best-practices"];
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Lighthouse begins without cookies: the dashboard is reached through the sign-in, whose own loading counts as well. */
async function dashboard(page: Page, address: string) {
	await page.goto(`${address}/sign-in`);
	await page.waitForSelector("input[type=password]");
	await page.type("input[type=email]", PERSON.email);
	await page.type("input[type=password]", PERSON.password);
	await page.click("form button[type=submit]");
	await page.waitForSelector(".plan-row .cost:not([aria-busy=true])");
}

const PAGES = [
	{ name: "landing", path: "/", least: 95, through: null },
	{ name: "sign-in", path: "/sign-in", least: 95, through: null },
	{ name: "dashboard, through sign-in", path: "/dashboard", least: 90, through: dashboard },
];

for (const { name, path, least, through } of PAGES) {
	test(name, async () => {
		test.setTimeout(600_000);
		const api = new MockApi().withPerson();
		api.plans = plans("running", "deploying", "issue", "stopped", "not_deployed");
		const { server, address } = await serve(api);
		const scores = new Map<string, number[]>(CATEGORIES.map((category) => [category, []]));
		const lost = new Map<string, number>();
		for (let round = 0; round < ROUNDS; round += 1) {
			const chrome = await launch({ chromePath: CHROMIUM, chromeFlags: ["--headless=new", "--no-sandbox"] });
			const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}`, defaultViewport: null });
			try {
				const page = await browser.newPage();
				const what = through ? () => through(page, address) : `${address}${path}`;
				const said = await lighthouse(what, { port: chrome.port, onlyCategories: CATEGORIES }, desktopConfig, page);
				if (!said || said.lhr.runtimeError) throw new Error(said?.lhr.runtimeError?.message ?? "Lighthouse said nothing");
				for (const [category, found] of scores) found.push(Math.round((said.lhr.categories[category]?.score ?? 0) * 100));
				for (const { id, score } of Object.values(said.lhr.audits))
					if (score !== null && score < 0.9) lost.set(id, Math.min(score, lost.get(id) ?? 1));
			} finally {
				await browser.disconnect();
				chrome.kill();
			}
		}
		server.close();
		for (const [category, found] of scores) {
			found.sort((a, b) => a - b);
			console.log(`${name}: ${category} ${middle(found)} (${found[0]} to ${found.at(-1)})`);
		}
		console.log(`${name}: below 0.9: ${[...lost].map(([id, score]) => `${id} ${score}`).join(", ") || "nothing"}`);
		for (const [category, found] of scores) expect(middle(found), category).toBeGreaterThanOrEqual(least);
	});
}

const middle = (sorted: number[]) => sorted[Math.floor(sorted.length / 2)] ?? 0;

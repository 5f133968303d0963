import type { Page } from "@playwright/test";
import { expect, expectAccessible, judge, test } from "../browser/page";
import { customer, link, psql, signIn, signInIfAsked, signUp, withFaults } from "./world";

// One way, each test from where the last one left it: somebody who signs up once and makes one database.
test.describe.configure({ mode: "serial" });

let page: Page;
let deployment: string;
let wrong: () => Promise<string[]>;

test.beforeAll(async ({ browser, baseURL }) => {
	const context = await browser.newContext({ ...(baseURL && { baseURL }), permissions: ["clipboard-read", "clipboard-write"] });
	wrong = judge(context);
	page = await context.newPage();
});
test.afterEach(async () => expect(await wrong()).toEqual([]));
test.afterAll(() => page.close());

const card = () => page.getByRole("group", { name: /^db, PostgreSQL/ });
const copied = () => page.evaluate(() => navigator.clipboard.readText());

/** The page's token, of the next call that it makes. */
async function token(act: () => Promise<unknown>): Promise<string> {
	const asked = page.waitForRequest((request) => request.headers().authorization !== undefined);
	await act();
	return (await asked).headers().authorization ?? "";
}

test("from the landing page to a plan that is drawn", async () => {
	await signUp(page);
	await link(page);
	await page.getByRole("link", { name: "Plans", exact: true }).click();
	await page.getByRole("link", { name: "Start the first plan" }).click();
	const canvas = page.getByRole("application", { name: "Canvas" });
	await page.getByRole("button", { name: "Add PostgreSQL" }).dragTo(canvas, { targetPosition: { x: 120, y: 90 } });
	await expect(card()).toContainText("Not deployed");
	await page.getByLabel("Who may connect").fill(process.env.CLOUDSAIL_CLIENT_CIDR ?? "");
	await expect(page.getByText("Saved", { exact: true })).toBeVisible();
	await expect(page.getByRole("heading", { name: "A month" })).toBeVisible();
	await expectAccessible(page);
});

test("a deploy that AWS refuses says what to do, and turns green once that is done", async () => {
	const message = "You have requested more vCPU capacity than your current vCPU limit.";
	const refused = { fault: "error", call: "ec2:RunInstances", times: 0, code: "VcpuLimitExceeded", message };
	await withFaults([refused], async () => {
		await page.getByRole("button", { name: "Deploy plan" }).click();
		await expect(page.getByText("The account's quota of vCPUs is used up: ask AWS for more").first()).toBeVisible();
		await expectAccessible(page);
	});
	await page.reload();
	await page.getByRole("button", { name: "Try again" }).click();
	await expect(card()).toContainText("Deploying");
	await expect(page.getByText("Next", { exact: true })).toBeVisible();
	await expect(card()).toContainText("Running", { timeout: 240_000 });
	const shown = Date.now();
	await expect(page.getByText("What runs is what the plan says")).toBeVisible();

	await page.getByRole("link", { name: "Connection, configuration and events" }).click();
	await expect(page).toHaveURL(/\/deployment\/dep_/);
	deployment = page.url().split("/").at(-1) ?? "";
	const authorization = await token(() => page.reload());
	const said = await page.request.get(`/v1/deployment/${deployment}/events?limit=100`, { headers: { authorization } });
	const events = (await said.json()).items as { at: string; message: string }[];
	const running = events.find((event) => event.message.startsWith("PostgreSQL answers"));
	console.log(`running was on the screen ${shown - Date.parse(running?.at ?? "")} ms after its event was written`);
});

test("it is connected to by what the page says", async () => {
	await page.getByRole("button", { name: "Copy the certificate" }).click();
	const certificate = await copied();
	await page.getByRole("button", { name: "Copy the text for psql" }).click();
	const command = await copied();
	await page.getByRole("button", { name: "Reveal the password" }).click();
	await page.getByRole("button", { name: "Copy the password" }).click();
	expect(psql(command, certificate, await copied(), "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).toBe("t");
	await expectAccessible(page);
});

test("somebody who was elsewhere meanwhile is told, and chooses", async () => {
	await page.getByRole("link", { name: "its plan" }).first().click();
	const connections = page.getByLabel("Connections");
	await expect(connections).toBeVisible();
	// The network is lost before this page can save.
	await page.route("**/v1/**", (route) => route.abort());
	await connections.fill("90");
	await expect(page.getByRole("alert").first()).toContainText("Check your connection");
	const other = await page.context().newPage();
	await other.goto(page.url());
	await signInIfAsked(other);
	await other.getByLabel("Connections").fill("120");
	await expect(other.getByText("Saved", { exact: true })).toBeVisible();
	await other.close();
	await page.unroute("**/v1/**");
	await connections.fill("91");
	await page.getByRole("button", { name: "Theirs, without my changes" }).click();
	await expect(connections).toHaveValue("120");
});

test("a session that has ended asks for the password, and goes on where it was", async ({ request }) => {
	const here = page.url();
	const authorization = await token(() => page.reload());
	await expect(page.getByLabel("Connections")).toHaveValue("120");
	await page.waitForTimeout(1100); // the emulator ends what is older than this whole second
	// As from another computer: this browser keeps its cookie, whose token is refused from now on.
	const ended = await request.post("/v1/auth/sign-out-everywhere", { headers: { authorization }, data: {} });
	expect(ended.status()).toBe(204);
	await page.reload();
	await expect(page.getByLabel("Password")).toBeVisible();
	await expect(page).toHaveURL(/\/sign-in\?/);
	await signIn(page);
	await expect(page).toHaveURL(here);
	await expect(page.getByLabel("Connections")).toHaveValue("120");
});

test("two hundred plans are listed, and one of them is found", async () => {
	const authorization = await token(() => page.getByRole("link", { name: "Plans", exact: true }).click());
	for (let made = 0; made < 200; ) {
		const data = { schema: "cs-json/1", name: `many-${made}`, components: [{ kind: "postgres" }] };
		const answer = await page.request.post("/v1/plan", { headers: { authorization }, data });
		if (answer.status() === 429) await page.waitForTimeout(1000 * Number(answer.headers()["retry-after"] ?? 1));
		else {
			expect(answer.status()).toBe(201);
			made += 1;
		}
	}
	// Told of through the WebSocket: the page was not loaded anew.
	await expect(page.getByRole("link", { name: "many-199" })).toBeVisible();
	await page.getByLabel("Search").fill("many-7");
	await expect(page.getByRole("status").filter({ hasText: "11" })).toBeVisible();
	await expectAccessible(page);
});

test("back to nothing", async () => {
	await page.goto(`/deployment/${deployment}`);
	await signInIfAsked(page);
	await page.getByRole("link", { name: "its plan" }).first().waitFor();
	await expect(page.getByRole("heading", { level: 1, name: "Deployment", exact: true })).toBeHidden();
	const name = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
	await page.getByRole("button", { name: "Destroy" }).click();
	await page.getByLabel(/Now, so that/).check();
	await page.getByLabel(`Type ${name} to go on`).fill(name);
	await page.getByRole("button", { name: "Destroy it" }).click();
	await expect(page.getByText("Not deployed").first()).toBeVisible({ timeout: 120_000 });
	await expect(page.getByRole("heading", { name: "Kept on purpose" })).toBeVisible();
	customer("holds", deployment);
});

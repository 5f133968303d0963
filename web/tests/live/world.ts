import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, type Page } from "@playwright/test";

const cache = process.env.CLOUDSAIL_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "cloudsail");

/** What the customer does outside of Cloudsail: reads a mail, makes the role, looks into the account. */
export function customer(...words: string[]): string {
	const script = resolve("../scripts/local-cloud/customer.py");
	const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
	return execFileSync(join(cache, "venv/bin/python"), [script, ...words], { encoding: "utf8", env }).trim();
}

/** What goes wrong with calls in the customer's account until the work is done; scripts/local-cloud/README.md says what the words mean. */
export async function withFaults(faults: object[], work: () => Promise<unknown>) {
	const url = `${process.env.AWS_ENDPOINT_URL}/_cloudsail/faults/${process.env.CLOUDSAIL_CUSTOMER_ACCOUNT_ID}`;
	const asked = await fetch(url, { method: "POST", body: JSON.stringify(faults) });
	expect(asked.status).toBe(200);
	try {
		await work();
	} finally {
		await fetch(url, { method: "DELETE" });
	}
}

export const PASSWORD = "Correct-horse-9-battery";

/** Somebody new, from the landing page to their empty dashboard. */
export async function signUp(page: Page): Promise<string> {
	const email = `live-${Date.now()}@example.com`;
	await page.goto("/");
	await page.getByRole("link", { name: "Start the first plan" }).first().click();
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign up" }).click();
	await page.getByLabel("Code").fill(customer("code", email));
	await page.getByRole("button", { name: "Confirm" }).click();
	await signIn(page);
	return email;
}

/** On the page that asks for the password; the address is known. */
export async function signIn(page: Page) {
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await expect(page.getByRole("navigation", { name: "Main" }).getByRole("button", { name: "Sign out" })).toBeVisible();
}

/** A load that comes without a session, which the page asks for; the one that still has it does not. */
export async function signInIfAsked(page: Page) {
	const asked = page.getByLabel("Password");
	const inside = page.getByRole("button", { name: "Sign out" });
	await expect(asked.or(inside).first()).toBeVisible();
	if (await asked.isVisible()) await signIn(page);
}

/** The customer's account, in three steps, the role made by the page's quick-create link. */
export async function link(page: Page) {
	customer("unlink");
	await page.getByRole("link", { name: "Cloud accounts" }).click();
	await page.getByRole("link", { name: "Link an account" }).click();
	await page.getByLabel("Account number").fill(process.env.CLOUDSAIL_CUSTOMER_ACCOUNT_ID ?? "");
	await page.getByLabel("Region").fill(process.env.AWS_REGION ?? "");
	await page.keyboard.press("Enter");
	const console = page.getByRole("link", { name: "Make the roles in the AWS console" });
	await expect(console).toHaveAttribute("href", /quickcreate/);
	customer("link", (await console.getAttribute("href")) ?? "");
	await page.getByRole("button", { name: "Verify the roles" }).click();
	await expect(page.getByText("The roles are as they should be")).toBeVisible();
}

/** psql as a person runs it who has copied the page's words, with the certificate and the password from the page. */
export function psql(command: string, certificate: string, password: string, sql: string): string {
	const folder = mkdtempSync(join(tmpdir(), "cloudsail-live-"));
	writeFileSync(join(folder, "ca.pem"), certificate);
	const env = { ...process.env, PGPASSWORD: password };
	return execFileSync("bash", ["-c", `${command} -XAtc "$0"`, sql], { cwd: folder, encoding: "utf8", env }).trim();
}

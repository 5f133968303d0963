import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "../browser/page";

/** A command of the README's, from where it is to be run. */
const run = (command: string, words: string[], variables = {}) =>
	execFileSync(command, words, { cwd: "..", encoding: "utf8", env: { ...process.env, ...variables } });

test("demo --keep leaves a page to sign in to, with a database that runs", async ({ page }) => {
	// It brings the platform up to what stands in the folder, which may take its minutes.
	test.setTimeout(900_000);
	const said = run("scripts/demo", ["--keep"]);
	const [, address = "", email = ""] = said.match(/(http\S+), the web page: sign in as (\S+) with/) ?? [];
	const [, deployment = ""] = said.match(/cloudsail status (dep_\w+)/) ?? [];
	try {
		await page.goto(address);
		await page.getByRole("link", { name: "Sign in" }).first().click();
		await page.getByLabel("Email").fill(email);
		await page.getByLabel("Password").fill(readFileSync("../.local/demo/password", "utf8").trim());
		await page.getByRole("button", { name: "Sign in" }).click();
		await expect(page.getByRole("listitem").filter({ hasText: "shop" })).toContainText("Running");
	} finally {
		run("target/debug/cloudsail", ["destroy", deployment, "--now", "--watch", "--yes"], {
			XDG_CONFIG_HOME: resolve("../.local/demo"),
		});
	}
});

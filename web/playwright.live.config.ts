import { defineConfig } from "@playwright/test";
import own from "./playwright.config";

/** The built page as the local cloud serves it, on the real API: `./scripts/dev up`, `. .local/env`. */
export default defineConfig({
	...own,
	testDir: "tests/live",
	fullyParallel: false,
	workers: 1,
	timeout: 300_000,
	expect: { timeout: 30_000 },
	use: { ...own.use, actionTimeout: 60_000, baseURL: process.env.SITE_URL ?? "SITE_URL is not set" },
	webServer: [],
});

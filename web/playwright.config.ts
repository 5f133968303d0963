import { defineConfig } from "@playwright/test";

const port = Number(process.env.PORT ?? 4180);

export default defineConfig({
	// Tools that need a browser are written as tests are, and run by their name.
	testDir: process.env.TOOL ? `tools/${process.env.TOOL}` : "tests/browser",
	fullyParallel: true,
	workers: 2,
	forbidOnly: true,
	reporter: "line",
	timeout: 90_000,
	expect: { timeout: 20_000 },
	use: {
		baseURL: `http://127.0.0.1:${port}`,
		launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
	},
	webServer: { command: `node tools/preview.mjs ${port}`, url: `http://127.0.0.1:${port}/`, reuseExistingServer: false },
});

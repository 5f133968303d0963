// How much JavaScript each page loads before it can be used, compressed as the CDN does at least (gzip), against its budget:
// node tools/sizes.mjs [FOLDER]
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_KB = {
	landing: { limit: 60, from: ["index.html"], beside: ["theme.js"] },
	"sign in": { limit: 180, from: ["app.html", "src/pages/auth/SignIn.tsx"], beside: ["theme.js"] },
	dashboard: { limit: 180, from: ["app.html", "src/pages/dashboard/Dashboard.tsx"], beside: ["theme.js"] },
	accounts: {
		limit: 180,
		from: ["app.html", "src/pages/accounts/Accounts.tsx", "src/pages/accounts/LinkAccount.tsx"],
		beside: ["theme.js"],
	},
	deployment: { limit: 180, from: ["app.html", "src/pages/deployment/DeploymentPage.tsx"], beside: ["theme.js"] },
	profile: { limit: 180, from: ["app.html", "src/pages/profile/Profile.tsx"], beside: ["theme.js"] },
	"new plan": { limit: 350, from: ["app.html", "src/pages/plan/NewPlan.tsx", "src/pages/plan/Canvas.tsx"], beside: ["theme.js"] },
	editor: { limit: 350, from: ["app.html", "src/pages/plan/Editor.tsx", "src/pages/plan/Canvas.tsx"], beside: ["theme.js"] },
};

const built = resolve(process.argv[2] ?? "../.local/build/web");
const manifest = JSON.parse(readFileSync(`${built}/.vite/manifest.json`, "utf8"));

function closure(name, found = new Set()) {
	const chunk = manifest[name];
	if (!chunk || found.has(chunk.file)) return found;
	found.add(chunk.file);
	for (const needed of chunk.imports ?? []) closure(needed, found);
	return found;
}

let over = 0;
for (const [page, { limit, from, beside }] of Object.entries(BUDGET_KB)) {
	const missing = from.filter((name) => !manifest[name]);
	if (missing.length > 0) {
		// Renamed, or no longer a chunk of its own: its budget would hold nothing any more.
		console.error(`sizes: ${page}: the build has no chunk for ${missing.join(", ")}`);
		process.exit(1);
	}
	const files = new Set([...from.flatMap((name) => [...closure(name)]), ...beside].filter((file) => file.endsWith(".js")));
	const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(`${built}/${file}`)).length, 0);
	const kb = bytes / 1000;
	if (kb > limit) over += 1;
	console.log(`${page.padEnd(10)} ${kb.toFixed(1).padStart(6)} kB of ${limit}${kb > limit ? "  TOO LARGE" : ""}`);
}
if (over) {
	console.error(`sizes: ${over} pages are over their budget; split what they load, or do without it`);
	process.exit(1);
}

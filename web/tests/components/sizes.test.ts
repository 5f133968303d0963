import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const ENTRIES = [...readFileSync("tools/sizes.mjs", "utf8").matchAll(/"((?:src\/pages\/[\w/]+\.tsx|\w+\.html))"/g)].map(
	([, name]) => name ?? "",
);

/** What the check says of a build with these entries, each a chunk of so many bytes that no compression makes smaller. */
function checked(entries: string[], bytes = 10) {
	const built = mkdtempSync(join(tmpdir(), "cloudsail-sizes-"));
	mkdirSync(join(built, ".vite"));
	const manifest = Object.fromEntries(entries.map((name) => [name, { file: `${name.replaceAll("/", "-")}.js` }]));
	writeFileSync(join(built, ".vite/manifest.json"), JSON.stringify(manifest));
	for (const file of ["theme.js", ...Object.values(manifest).map(({ file }) => file)])
		writeFileSync(join(built, file), crypto.getRandomValues(new Uint8Array(bytes)));
	const { status, stderr } = spawnSync(process.execPath, ["tools/sizes.mjs", built], { encoding: "utf8" });
	return { status, stderr };
}

test("pages within their budgets pass, and one that is over does not", () => {
	expect(checked(ENTRIES)).toEqual({ status: 0, stderr: "" });
	expect(checked(ENTRIES, 40_000)).toMatchObject({ status: 1, stderr: expect.stringContaining("over their budget") });
});

test.each(["src/pages/plan/NewPlan.tsx", "src/pages/plan/Canvas.tsx", "src/pages/dashboard/Dashboard.tsx"])(
	"a build without a chunk for %s fails, and says so",
	(missing) => {
		const { status, stderr } = checked(ENTRIES.filter((name) => name !== missing));
		expect(status).toBe(1);
		expect(stderr).toContain(missing);
	},
);

// Runs Biome, which checks format and lint. Its own package asks for a build for each system there is, and registries that leave some
// out make `npm ci` refuse all of them; the two builds for Linux, where this repository is worked on, are what we depend on.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const name = `@biomejs/cli-${process.platform}-${process.arch}/biome`;
let program;
try {
	program = createRequire(import.meta.url).resolve(name);
} catch {
	console.error(`tools/biome.mjs: ${name} is not installed; run npm ci, on Linux`);
	process.exit(1);
}
process.exit(spawnSync(program, process.argv.slice(2), { stdio: "inherit" }).status ?? 1);

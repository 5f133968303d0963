// Puts the landing page's first view into the built index.html: it is read before any script has come.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const built = resolve("../.local/build/web/index.html");
const server = resolve("node_modules/.first-view");
const { render } = await import(pathToFileURL(`${server}/render.js`).href);
const html = readFileSync(built, "utf8");
const mark = "<!--page-->";
if (!html.includes(mark)) throw new Error(`${built} has no ${mark} to put the page at`);
writeFileSync(
	built,
	html.replace(mark, () => render()),
);
rmSync(server, { recursive: true });

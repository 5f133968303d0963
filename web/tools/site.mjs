// Serves what was built as CloudFront does: the headers of terraform/modules/cdn, and its function for the paths of pages.
import { existsSync, readFileSync } from "node:fs";
import { extname, resolve } from "node:path";

const cdn = resolve("../terraform/modules/cdn");
const built = resolve("../.local/build/web");

const TYPES = {
	".css": "text/css",
	".html": "text/html; charset=utf-8",
	".js": "text/javascript",
	".png": "image/png",
	".svg": "image/svg+xml",
	".txt": "text/plain",
};

/** The policy as Terraform writes it; of the sources that it adds, none: here the API is at the page's own origin. */
export function pagePolicy(text = readFileSync(`${cdn}/headers.tf`, "utf8")) {
	const list = text.match(/page_policy = join\("; ", \[([\s\S]*?)\n {2}\]\)/)?.[1];
	const parts = [...(list ?? "").matchAll(/^\s+"(.*)",$/gm)].map(([, part]) => part.replace(/ ?\$\{.*\}/, " 'self'"));
	if (!parts.some((part) => part.startsWith("script-src"))) throw new Error(`${cdn}/headers.tf: page_policy was not found`);
	return parts.join("; ");
}

const pages = new Function(`${readFileSync(`${cdn}/page.js`, "utf8")}; return handler;`)();

/** The file that a path is answered with, and its headers; or null. */
export function file(path) {
	const { uri } = pages({ request: { uri: path } });
	const found = resolve(built, `.${uri}`);
	if (!found.startsWith(`${built}/`) || uri.includes("/.") || !existsSync(found)) return null;
	return {
		body: readFileSync(found),
		headers: {
			"content-type": TYPES[extname(found)] ?? "application/octet-stream",
			"content-security-policy": pagePolicy(),
			"x-content-type-options": "nosniff",
			"x-frame-options": "DENY",
			"referrer-policy": "strict-origin-when-cross-origin",
		},
	};
}

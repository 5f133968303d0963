import { createServer, type IncomingMessage, type Server } from "node:http";
import { gzipSync } from "node:zlib";
import { getResponse } from "msw";
import type { MockApi } from "../../tests/mocks/api";
import { file } from "../site.mjs";

/** What was built, compressed as CloudFront does, and the tests' API at the same origin. */
export function serve(api: MockApi): Promise<{ server: Server; address: string }> {
	const server = createServer(async (request, response) => {
		const url = new URL(request.url ?? "/", "http://localhost");
		// Also what scripts/deploy writes beside the build.
		if (url.pathname.startsWith("/v1/") || url.pathname === "/sign-in.json") {
			const answer = await getResponse(api.handlers, await asked(request, url));
			if (!answer) return response.writeHead(404).end();
			return response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
		}
		const found = file(url.pathname);
		if (!found) return response.writeHead(403).end();
		const kept = url.pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
		response.writeHead(200, { ...found.headers, "content-encoding": "gzip", "cache-control": kept }).end(gzipSync(found.body));
	});
	return new Promise((resolve) =>
		server.listen(0, "127.0.0.1", () => {
			const address = server.address();
			if (!address || typeof address === "string") throw new Error("the server has no port");
			resolve({ server, address: `http://127.0.0.1:${address.port}` });
		}),
	);
}

async function asked(request: IncomingMessage, url: URL): Promise<Request> {
	const parts: Buffer[] = [];
	for await (const part of request) parts.push(part);
	const method = request.method ?? "GET";
	return new Request(url, {
		method,
		headers: request.headers as Record<string, string>,
		...(parts.length > 0 && { body: new Uint8Array(Buffer.concat(parts)) }),
	});
}

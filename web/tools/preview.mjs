// Serves what was built on loopback, for the tests in a browser: node tools/preview.mjs PORT. The API is the tests' own.
import { createServer } from "node:http";
import { file } from "./site.mjs";

createServer((request, response) => {
	const found = file(new URL(request.url, "http://localhost").pathname);
	if (!found) return response.writeHead(403).end();
	response.writeHead(200, found.headers).end(found.body);
}).listen(Number(process.argv[2]), "127.0.0.1");

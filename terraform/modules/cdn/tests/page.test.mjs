// The function that CloudFront runs, as it runs it: a script that defines `handler`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const code = readFileSync(new URL("../page.js", import.meta.url), "utf8");
const handler = new Function(`${code}; return handler;`)();
const answered = (uri) => handler({ request: { uri, method: "GET" } }).uri;

for (const path of ["/", "/plan", "/plan/plan_0192", "/v1.2/plan/", "/deployment/dep_0192/events"]) {
  test(`${path} is a page of the app`, () => assert.equal(answered(path), "/index.html"));
}

for (const path of ["/index.html", "/assets/index-B7f3.js", "/favicon.ico", "/.well-known/security.txt"]) {
  test(`${path} is a file`, () => assert.equal(answered(path), path));
}

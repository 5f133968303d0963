// The functions that CloudFront runs, as it runs them: each a script that defines `handler`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

function load(name) {
  const code = readFileSync(new URL(`../${name}.js`, import.meta.url), "utf8");
  return new Function(`${code}; return handler;`)();
}

const page = load("page");
const answered = (uri) => page({ request: { uri, method: "GET" } }).uri;

test("/ is the page that the site begins with", () => assert.equal(answered("/"), "/index.html"));

for (const path of ["/plan", "/plan/plan_0192", "/v1.2/plan/", "/deployment/dep_0192/events"]) {
  test(`${path} is a page of the app`, () => assert.equal(answered(path), "/app.html"));
}

for (const path of ["/index.html", "/app.html", "/assets/index-B7f3.js", "/favicon.ico", "/.well-known/security.txt"]) {
  test(`${path} is a file`, () => assert.equal(answered(path), path));
}

const keep = load("keep");
const kept = (uri, headers = {}) => keep({ request: { uri }, response: { statusCode: 200, headers } }).headers["cache-control"].value;

test("what is public is kept for a year", () => {
  assert.equal(kept("/media/a.png"), "public, max-age=31536000, immutable");
});

test("what is one person's is in no shared cache", () => {
  assert.equal(kept("/users/u1/a.png"), "private, max-age=3600");
  assert.equal(kept("/media/users/a.png"), "public, max-age=31536000, immutable");
});

test("what an upload says of itself is left", () => {
  assert.equal(kept("/media/a.png", { "cache-control": { value: "no-store" } }), "no-store");
});

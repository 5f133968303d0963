import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { tar } from "../../src/plans/tar";

test("tar itself reads the archive, byte for byte", () => {
	const files = { "shop/main.tf": 'resource "aws_instance" "db" {}\n', "shop/é.md": "ö".repeat(700), "shop/empty": "" };
	const archive = tar(Object.entries(files).map(([path, content]) => ({ path, content })));
	const run = (...words: string[]) =>
		execFileSync("tar", words, { input: archive, encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8" } });
	expect(run("-tf", "-").trim().split("\n")).toEqual(Object.keys(files));
	for (const [path, content] of Object.entries(files)) expect(run("-xOf", "-", path)).toBe(content);
});

test("a path that does not fit is refused, and not cut", () => {
	expect(() => tar([{ path: "a".repeat(101), content: "" }])).toThrow("100 bytes");
});

import { expect, test } from "vitest";
import { pagePolicy } from "../../tools/site.mjs";

test("the tests in a browser run under the policy that Terraform sends", () => {
	expect(pagePolicy()).toBe(
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; manifest-src 'self'; " +
			"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
	);
});

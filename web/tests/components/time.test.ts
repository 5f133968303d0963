import { expect, test } from "vitest";
import { ago } from "../../src/ui/time";

const NOW = Date.parse("2026-11-21T12:00:00Z");

test.each([
	[0, "just now"],
	[59, "just now"],
	[60, "1 minute ago"],
	[3_599, "59 minutes ago"],
	[3_600, "1 hour ago"],
	[10_800, "3 hours ago"],
	[86_399, "23 hours ago"],
	[86_400, "yesterday"],
	[864_000, "10 days ago"],
	[2_592_000, "last month"],
	[31_536_000, "last year"],
	[94_608_000, "3 years ago"],
	[-3_600, "in 1 hour"],
])("%i seconds before now is told as %s", (seconds, words) => {
	expect(ago(new Date(NOW - 1000 * seconds).toISOString(), NOW)).toBe(words);
});

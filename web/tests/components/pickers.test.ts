import { expect, test } from "vitest";
import { ofCatalogue } from "../../src/pages/plan/pickers";
import { filtered } from "../../src/ui/Combobox";

const machine = (name: string, cpu: number, gib: number, hourly: string | null, architecture = "x86_64") => ({
	name,
	cpu,
	memory_mib: gib * 1024,
	hourly,
	architecture,
	burstable: name.startsWith("t"),
});
const catalogue = {
	regions: ["ca-central-1"],
	currency: "USD",
	machines: [
		machine("m7i.xlarge", 4, 16, "0.2"),
		machine("m7g.xlarge", 4, 16, "0.16", "arm64"),
		machine("t4g.small", 2, 2, "0.02", "arm64"),
		machine("r7i.large", 2, 16, null),
	],
};
const options = (field: string, cpu?: number, architecture?: string) =>
	ofCatalogue(catalogue, cpu, architecture)[field]?.options ?? [];
const names = (typed: string) => filtered(options("aws/instance_type"), typed).map(({ value }) => value);

test("machine types come the smallest first, with size and price, and what is not known is said", () => {
	expect(options("aws/instance_type").map(({ value, details }) => [value, details.at(-1)])).toEqual([
		["t4g.small", "$14.60 a month"],
		["r7i.large", "price unknown"],
		["m7g.xlarge", "$116.80 a month"],
		["m7i.xlarge", "$146.00 a month"],
	]);
});

test("a list is narrowed by all words: numbers are whole ones", () => {
	expect(names("arm64 16")).toEqual(["m7g.xlarge"]);
	expect(names("4 vcpu")).toEqual(["m7g.xlarge", "m7i.xlarge"]);
	expect(names("BURST")).toEqual(["t4g.small"]);
	expect(names("1")).toEqual([]);
});

test("a size names the least costly machine that has it, of those with the processors and the architecture that are asked for", () => {
	const [small, large] = options("hardware/memory_gib");
	expect(small?.details.at(-1)).toBe("from $14.60 a month (t4g.small)");
	expect(large?.details.at(-1)).toBe("from $116.80 a month (m7g.xlarge)");
	expect(options("hardware/memory_gib", 4, "x86_64").map(({ value, details }) => [value, details.at(-1)])).toEqual([
		["16", "from $146.00 a month (m7i.xlarge)"],
	]);
});

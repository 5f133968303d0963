import { expect, test } from "vitest";
import { begin, type Change, changed } from "../../src/plans/history";
import { at, put } from "../../src/plans/schema";

const plan = { name: "shop", components: [{ kind: "postgres", db: { version: "17" } }] };
const after = (...changes: Change[]) => changes.reduce(changed, begin(plan));
const name = (value: string): Change => ({ do: "set", path: ["name"], value });
const version = (value: string): Change => ({ do: "set", path: ["components", 0, "db", "version"], value });

test("what is typed into one field is undone at once, and what came before it next", () => {
	const typed = after(version("15"), name("s"), name("sh"), name("sho"));
	expect(at(typed.present, ["name"])).toBe("sho");
	const once = changed(typed, { do: "undo" });
	expect(once.present).toEqual(put(plan, ["components", 0, "db", "version"], "15"));
	expect(changed(once, { do: "undo" }).present).toEqual(plan);
});

test("undone is done again, until something else is changed", () => {
	const undone = after(name("a"), { do: "undo" });
	expect(undone.present).toEqual(plan);
	expect(at(changed(undone, { do: "redo" }).present, ["name"])).toBe("a");
	expect(changed(changed(undone, version("15")), { do: "redo" }).present).toEqual(changed(undone, version("15")).present);
});

test("at either end nothing happens", () => {
	expect(after({ do: "undo" }, { do: "redo" })).toEqual(begin(plan));
});

test("a value is taken out, and objects on the way to one are made, without touching what was there", () => {
	expect(put(plan, ["name"], undefined)).toEqual({ components: plan.components });
	expect(put({}, ["cloud", "region"], "ca-central-1")).toEqual({ cloud: { region: "ca-central-1" } });
	expect(plan.name).toBe("shop");
});

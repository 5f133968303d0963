import { expect, test } from "vitest";
import { EMPTY, freeId, isFull, partsOf, withComponent, withoutComponent } from "../../src/plans/components";
import { begin, changed } from "../../src/plans/history";
import { readPlaces, usualPlace, writePlaces } from "../../src/plans/places";
import { COMPONENTS, type Json } from "../../src/plans/schema";

const nothing = { saved: EMPTY, status: "not_deployed", statuses: {}, problems: {} };
const component = (id: string, more: object = {}): Json => ({ id, kind: "postgres", ...more });
const plan = (...components: Json[]): Json => ({ schema: "cs-json/1", components });

test("each kind of the registry begins with an id that no other component has", () => {
	for (const kind of Object.keys(COMPONENTS)) {
		const [part] = partsOf(withComponent(EMPTY, kind), nothing);
		expect(part?.kind).toBe(kind);
	}
	expect(freeId(plan(component("db"), component("db2")), "postgres")).toBe("db3");
});

test("a new PostgreSQL is backed up without being asked", () => {
	expect(withComponent(EMPTY, "postgres")).toEqual(plan(component("db", { backup: "needed" })));
});

test("a plan is full where the schema says so", () => {
	expect(isFull(EMPTY)).toBeNull();
	expect(isFull(plan(component("db")))).toBe("A plan holds one component so far");
});

test("a component shows what it says, and of the rest what the service filled in", () => {
	const saved = plan(component("db", { db: { version: "17" }, hardware: { cpu: 2, memory_gib: 4, disk: { size_gib: 20 } } }));
	const [part] = partsOf(plan(component("db", { hardware: { cpu: 8 } })), { ...nothing, saved });
	expect(part).toMatchObject({ name: "db", title: "PostgreSQL 17", size: "8 vCPU, 4 GiB, 20 GiB disk" });
	const [typed] = partsOf(plan(component("db", { aws: { instance_type: "m7i.large" } })), { ...nothing, saved });
	expect(typed?.size).toBe("m7i.large, 20 GiB disk");
});

test("each has its own status, key and problems, even where two ids are the same", () => {
	const problems = {
		"components/1/db/max_connections": "is too many",
		"components/10": "is not this one",
		"cloud/region": "is missing",
	};
	const [one, two] = partsOf(plan(component("a"), component("a")), { ...nothing, statuses: { a: "running" }, problems });
	expect(one).toMatchObject({ status: "running", problems: [] });
	expect(two?.problems).toEqual(["Connections: Is too many."]);
	expect(one?.key).not.toBe(two?.key);
});

test("what was added and what was removed are undone one by one", () => {
	let history = begin(EMPTY);
	for (const _ of [1, 2]) history = changed(history, { do: "step", plan: withComponent(history.present, "postgres") });
	history = changed(history, { do: "step", plan: withoutComponent(history.present, 0) });
	const ids = () => partsOf(history.present, nothing).map(({ name }) => name);
	expect(ids()).toEqual(["db2"]);
	history = changed(history, { do: "undo" });
	expect(ids()).toEqual(["db", "db2"]);
	history = changed(history, { do: "undo" });
	expect(ids()).toEqual(["db"]);
});

test("places are kept by plan; what is no place is left out", () => {
	writePlaces("plan_1", { db: { x: 10, y: -4 } });
	expect(readPlaces("plan_1")).toEqual({ db: { x: 10, y: -4 } });
	expect(readPlaces("plan_2")).toEqual({});
	localStorage.setItem("places:plan_3", '{"db":{"x":"far"}}');
	expect(readPlaces("plan_3")).toEqual({});
	localStorage.setItem("places:plan_4", "null");
	expect(readPlaces("plan_4")).toEqual({});
	expect(new Set(Array.from({ length: 200 }, (_, index) => JSON.stringify(usualPlace(index)))).size).toBe(200);
});

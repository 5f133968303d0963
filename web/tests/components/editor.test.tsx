import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import { session } from "../../src/api/client";
import { asJson } from "../../src/plans/queries";
import { type Json, put } from "../../src/plans/schema";
import { plans, preview, problem } from "../mocks/answers";
import { made } from "../mocks/example";
import { heading, press } from "./actions";
import { open, withApi } from "./app";

const service = withApi();
const saved = () => service.api.plans[0]?.plan ?? made("FullPlan");
const db = () => saved().components[0]?.db;
const set = async (label: string, value: string) => fireEvent.change(await screen.findByLabelText(label), { target: { value } });

beforeEach(() => {
	service.api.withPerson();
	service.api.plans = plans("not_deployed");
	session.take(service.api.tokens());
	open(`/plan/${service.api.plans[0]?.id}`);
});

test("what is changed is saved by itself, over the version that it was made from", async () => {
	await set("Connections", "300");
	await set("Who may connect", "203.0.113.0/24\n\n198.51.100.7/32");
	await waitFor(() => expect(db()?.max_connections).toBe(300));
	expect(saved().components[0]?.network?.allow).toEqual(["203.0.113.0/24", "198.51.100.7/32"]);
	await screen.findByText("Saved");
	expect(service.api.plans[0]?.version).toBe(2);
	await set("Workload", "oltp");
	await waitFor(() => expect(db()?.workload).toBe("oltp"));
});

/** What a field has to become where the API reads it. */
test.each<[string, string | boolean, string, unknown]>([
	["Schedule", "30 2 * * 0", "backup.schedule", "30 2 * * 0"],
	["Kept, days", "30", "backup.retention_days", 30],
	["Restore test", "monthly", "backup.restore_test", "monthly"],
	["Backup: how", "none", "backup", "none"],
	["Protect", false, "protect", false],
	["Size, GiB", "120", "hardware.disk.size_gib", 120],
	["Grows by itself to, GiB", "400", "hardware.disk.grow_to_gib", 400],
	["IOPS", "6000", "hardware.disk.iops", 6000],
	["Operating system: Version", "12", "os.version", "12"],
	["Database: Version", "15", "db.version", "15"],
	["Database: Version", "", "db.version", undefined],
	["Settings of your own", "work_mem = 64MB", "db.settings", { work_mem: "64MB" }],
])("%s, set to %j, is saved as %s = %j, and nothing else changes", async (label, value, path, wanted) => {
	const [group, name] = label.includes(": Version") ? label.split(": ") : [undefined, label];
	await screen.findByLabelText("Connections");
	const before = structuredClone(saved());
	const field = within(group ? screen.getByRole("group", { name: group }) : document.body).getByLabelText(name ?? "");
	if (typeof value === "boolean") await userEvent.click(field);
	else fireEvent.change(field, { target: { value } });
	await waitFor(() => expect(service.api.plans[0]?.version).toBe(2));
	expect(saved()).toEqual(put(asJson(before), ["components", 0, ...path.split(".")], wanted as Json | undefined));
});

test("undo and redo, by button and by keyboard", async () => {
	await set("Connections", "300");
	await press("Undo");
	expect(screen.getByLabelText("Connections")).toHaveProperty("value", "200");
	await press("Redo");
	expect(screen.getByLabelText("Connections")).toHaveProperty("value", "300");
	screen.getByLabelText("Connections").focus();
	await userEvent.keyboard("{Control>}z{/Control}");
	expect(screen.getByLabelText("Connections")).toHaveProperty("value", "200");
});

test("what the service refuses is told at its field, and is not sent again until it is changed", async () => {
	const detail = "must be between 10 and 5000";
	const asked = { count: 0 };
	service.server.use(
		http.put("*/v1/plan/:id", () => {
			asked.count += 1;
			return problem(400, "invalid", detail, [{ pointer: "/components/0/db/max_connections", message: detail }]);
		}),
	);
	await set("Connections", "1");
	await screen.findByText("Must be between 10 and 5000.", { selector: ".field .wrong" });
	expect(screen.getByText("Not saved")).toBeTruthy();
	expect(screen.getByRole("button", { name: "db, PostgreSQL 17, 1 problem" }).textContent).toContain(
		"Connections: Must be between",
	);
	expect(screen.getByRole("button", { name: "Deploy plan" }).getAttribute("aria-disabled")).toBe("true");
	expect(asked.count).toBe(1);
	service.server.resetHandlers(...service.api.handlers);
	await set("Connections", "20");
	await waitFor(() => expect(db()?.max_connections).toBe(20));
});

test.each([
	["Mine, over theirs", 300],
	["Theirs, without my changes", 400],
])("a change elsewhere is not overwritten unasked: %s", async (answer, stands) => {
	await screen.findByLabelText("Connections");
	const plan = service.api.plans[0];
	if (!plan) throw new Error("one plan");
	plan.version += 1;
	plan.plan = JSON.parse(JSON.stringify(plan.plan).replace('"max_connections":200', '"max_connections":400'));
	await set("Connections", "300");
	await screen.findByText(/changed elsewhere/, undefined);
	await press(answer);
	await waitFor(() => expect(screen.getByLabelText("Connections")).toHaveProperty("value", String(stands)));
	await waitFor(() => expect(db()?.max_connections).toBe(stands));
});

test("the JSON is the same plan, and what is no JSON yet is kept and not sent", async () => {
	await set("Connections", "300");
	await userEvent.click(screen.getByRole("tab", { name: "JSON" }));
	const json = await screen.findByLabelText<HTMLTextAreaElement>("The plan as JSON");
	expect(JSON.parse(json.value).components[0].db.max_connections).toBe(300);
	fireEvent.change(json, { target: { value: "{" } });
	await screen.findByText(/This is no JSON yet/);
	const other = { ...JSON.parse(JSON.stringify(saved())), name: "renamed" };
	fireEvent.change(json, { target: { value: JSON.stringify(other) } });
	await heading("renamed");
	await waitFor(() => expect(saved().name).toBe("renamed"));
});

test("half-typed JSON outlives a look at the drawing and a reload, until it is finished or left", async () => {
	const tab = async (name: string) => userEvent.click(await screen.findByRole("tab", { name }));
	const json = () => screen.findByLabelText<HTMLTextAreaElement>("The plan as JSON");
	await tab("JSON");
	fireEvent.change(await json(), { target: { value: '{"name": "half' } });
	await tab("Plan");
	await tab("JSON");
	expect((await json()).value).toBe('{"name": "half');
	cleanup();
	open(`/plan/${service.api.plans[0]?.id}`);
	await tab("JSON");
	expect((await json()).value).toBe('{"name": "half');
	await screen.findByText(/This is no JSON yet/);
	await press("Back to the plan as it is");
	expect(JSON.parse((await json()).value).name).toBe("shop");
	cleanup();
	open(`/plan/${service.api.plans[0]?.id}`);
	await tab("JSON");
	expect(JSON.parse((await json()).value).name).toBe("shop");
});

test("shows what it costs by part, what to think about, and each setting with its reason", async () => {
	service.server.use(
		http.post("*/v1/plan/:id/preview", () =>
			HttpResponse.json(preview({ warnings: [{ code: "backup_off", pointer: "", message: "there is no backup" }] })),
		),
	);
	await screen.findByText("There is no backup.");
	expect(screen.getByText("Instance").nextElementSibling?.textContent).toContain("$29.78");
	expect(screen.getByText("shared_buffers = 1365MB").closest("div")?.textContent).toContain("A third of the memory.");
});

test("can't be deployed while something stands in the way, and says what", async () => {
	const message = "the role may not run machines: add ec2:RunInstances";
	service.server.use(
		http.post("*/v1/plan/:id/preview", () =>
			HttpResponse.json(preview({ problems: [{ code: "permission", pointer: "", message }] })),
		),
	);
	await screen.findByText("The role may not run machines: add ec2:RunInstances.");
	await press("Deploy plan");
	expect(screen.getByText(/stands in the way: see below/)).toBeTruthy();
	expect(service.api.asked.some((call) => call.endsWith("/deploy"))).toBe(false);
});

test("deploys, and shows the steps", async () => {
	await screen.findByText("Makes all of it, in your account.");
	await press("Deploy plan");
	await screen.findByText("Make the machine");
	await screen.findByText("A deployment of this plan is under way.");
});

test("a component that is removed comes back by undo, or as a new one", async () => {
	await press("Remove db from the plan");
	await screen.findByText("Nothing is in the plan yet.");
	await screen.findByText(/exactly one component/, { selector: "[role=alert] p" });
	// The button that was pressed went with the component.
	expect(document.activeElement).toBe(screen.getByRole("button", { name: "Add PostgreSQL" }));
	await userEvent.keyboard("{Control>}z{/Control}");
	await screen.findByRole("button", { name: "db, PostgreSQL 17" });
	await press("Redo");
	await screen.findByText("Nothing is in the plan yet.");
	(document.activeElement as HTMLElement).blur();
	await userEvent.keyboard("{Control>}z{/Control}");
	await screen.findByRole("button", { name: "db, PostgreSQL 17" });
	expect(screen.getByLabelText("Connections")).toHaveProperty("value", "200");
	await press("Remove db from the plan");
	await press("Add PostgreSQL");
	await waitFor(() => expect(saved().components).toEqual([{ id: "db", kind: "postgres", backup: "needed" }]));
	expect(screen.getByRole("button", { name: "Add PostgreSQL" }).getAttribute("aria-disabled")).toBe("true");
});

test("what the preview finds wrong is told at its field", async () => {
	const message = "name a region, such as ca-central-1";
	service.server.use(
		http.post("*/v1/plan/:id/preview", () => problem(400, "invalid", message, [{ pointer: "/cloud/region", message }])),
	);
	await screen.findByText("Name a region, such as ca-central-1.", { selector: ".field .wrong" });
});

test("a plan that is not there is told as such", async () => {
	service.api.plans = [];
	expect((await screen.findByRole("alert")).textContent).toContain("There is no such plan.");
});

const offered = async (label: string, typed: string) => {
	const field = await screen.findByRole("combobox", { name: label });
	await userEvent.clear(field);
	await userEvent.type(field, typed);
	return within(await screen.findByRole("listbox", { name: `${label}, choices` })).findAllByRole("option");
};

test("a machine is chosen by type, with size and price, instead of vCPU and memory; and the other way round", async () => {
	const [option, ...others] = await offered("Machine type", "8 gib");
	expect(others).toEqual([]);
	expect(option?.textContent).toBe("m7i.large2 vCPU8 GiBx86_64$73.00 a month");
	await userEvent.keyboard("{ArrowDown}{Enter}");
	await waitFor(() => expect(saved().components[0]).toMatchObject({ aws: { instance_type: "m7i.large" } }));
	expect(JSON.stringify(saved())).not.toMatch(/"cpu"|"memory_gib"/);
	const [size] = await offered("Memory, GiB", "8");
	expect(size?.textContent).toBe("8GiBfrom $73.00 a month (m7i.large)");
	await userEvent.click(size as HTMLElement);
	await waitFor(() => expect(saved().components[0]).toMatchObject({ hardware: { memory_gib: 8 }, aws: {} }));
	expect(JSON.stringify(saved())).not.toContain("instance_type");
});

test("an account is chosen by its name, and kept by its id", async () => {
	const { id } = service.api.link("123456789012");
	const [account] = await offered("Cloud account", "prod");
	await userEvent.click(account as HTMLElement);
	await waitFor(() => expect(saved()).toMatchObject({ cloud: { account: id } }));
	expect(screen.getByLabelText("Cloud account")).toHaveProperty("value", "production (123456789012)");
});

test("a region is chosen from those there are, and a list is left by Escape", async () => {
	await screen.findByRole("combobox", { name: "Region" });
	const [region] = await offered("Region", "eu-cent");
	await userEvent.click(region as HTMLElement);
	await waitFor(() => expect(saved()).toMatchObject({ cloud: { region: "eu-central-1" } }));
	await userEvent.click(screen.getByRole("combobox", { name: "Region" }));
	await screen.findByRole("listbox", { name: "Region, choices" });
	await userEvent.keyboard("{Escape}");
	expect(screen.queryByRole("listbox")).toBeNull();
});

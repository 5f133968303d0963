import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { session } from "../../src/api/client";
import type { Preview } from "../../src/plans/queries";
import { DEPLOYMENT, planId, plans, preview, problem } from "../mocks/answers";
import { press } from "./actions";
import { open, withApi } from "./app";

const service = withApi();
const NOTHING = { create: [], change: [], remove: [], settings: [] };
const same = () => preview({ kind: "none", changes: NOTHING });
const deploys = () => service.api.asked.filter((call) => call === `POST /v1/plan/${planId(0)}/deploy`).length;
/** What previews answer from now on. */
const answer = (body: () => Preview) => service.server.use(http.post("*/v1/plan/:id/preview", () => HttpResponse.json(body())));
const become = (status: string) => {
	Object.assign(service.api.plans[0] ?? {}, { status, deployment_id: DEPLOYMENT.id });
	service.api.deployment = { status };
};

function show(status: string) {
	service.api.withPerson();
	service.api.plans = plans(status);
	if (status !== "not_deployed") become(status);
	session.take(service.api.tokens());
	open(`/plan/${planId(0)}`);
}

test("what stands at an issue is tried again, though the plan is what was deployed", async () => {
	answer(same);
	show("issue");
	await screen.findByText("Tries again what went wrong.");
	expect(screen.getAllByRole("button", { name: "Try again" })).toHaveLength(1);
	await press("Try again");
	await screen.findByText("A deployment of this plan is under way.");
	expect(deploys()).toBe(1);
});

test.each(["not_deployed", "running"])(
	"once a deploy of a plan that was %s is done, there is nothing to deploy",
	async (before) => {
		answer(() => preview());
		show(before);
		await screen.findByText("Makes all of it, in your account.");
		await press("Deploy plan");
		await screen.findByText("A deployment of this plan is under way.");
		answer(same);
		become("running");
		await screen.findByText("What runs is what the plan says.", undefined, { timeout: 15_000 });
		expect(screen.getByRole("button", { name: "Deploy plan" }).getAttribute("aria-disabled")).toBe("true");
		await press("Deploy plan");
		expect(deploys()).toBe(1);
	},
);

test("shows what a change cuts, and each field and setting from what it is to what it becomes", async () => {
	answer(() =>
		preview({
			kind: "change",
			effect: "restart",
			changes: {
				create: [],
				change: [
					{
						id: "db-volume",
						type: "AWS::EC2::Volume",
						how: "in_place",
						fields: [
							{ pointer: "/Size", from: 20, to: 40, how: "in_place", reason: "the plan says 40 GiB" },
							{ pointer: "/KmsKeyId", from: null, to: "alias/own", how: "in_place" },
						],
					},
				],
				remove: [{ id: "db-old", type: "AWS::EC2::SecurityGroup" }],
				settings: [
					{ component: "db", name: "shared_buffers", from: "1GB", to: "2GB", how: "restart", reason: "a quarter of the memory" },
					{ component: "db", name: "work_mem", from: "8MB", to: null, how: "reload" },
				],
			},
		}),
	);
	show("running");
	await screen.findByText(
		"Changes what runs to what the plan says, with one restart of PostgreSQL, which cuts connections once.",
	);
	const list = screen.getByText("4 changes in your account").closest("details") as HTMLDetailsElement;
	expect(list.open).toBe(true);
	const lines = within(list)
		.getAllByRole("listitem")
		.map(({ textContent }) => textContent);
	expect(lines).toContain("Size: from 20 to 40. Nobody notices. The plan says 40 GiB.");
	expect(lines).toContain("KmsKeyId: from nothing to alias/own. Nobody notices. ");
	expect(lines).toContain("db-old: removes AWS::EC2::SecurityGroup");
	expect(lines).toContain("shared_buffers: from 1GB to 2GB. PostgreSQL restarts. A quarter of the memory.");
	expect(lines).toContain("work_mem: from 8MB to the default. PostgreSQL reads its settings again. ");
});

test.each<[NonNullable<Preview["effect"]>, RegExp]>([
	["in_place", /no connection is cut/],
	["reload", /no connection is cut/],
	["reboot", /the machine is stopped and started for it/],
	["replace", /another machine takes over the data volume/],
])("says beside the button what a change does that goes by %s", async (effect, words) => {
	answer(() => preview({ kind: "change", effect }));
	show("running");
	await screen.findByText(words);
});

test("says what a month costs at most, where the disk grows by itself", async () => {
	const { cost } = preview();
	answer(() => preview({ cost: { ...cost, monthly_ceiling: "39.92" } }));
	show("not_deployed");
	await screen.findByText("At most $39.92 a month when the disk has grown to its ceiling.");
});

test("says nothing of a ceiling where there is none", async () => {
	show("not_deployed");
	await screen.findByText("$31.47");
	expect(screen.queryByText(/At most/)).toBeNull();
});

test("a preview that fails says why and what to name, and is asked for again", async () => {
	service.server.use(http.post("*/v1/plan/:id/preview", () => problem(409, "not_verified", "verify the account first")));
	show("not_deployed");
	const alert = await screen.findByRole("alert");
	expect(alert.textContent).toContain("Verify the account first.");
	expect(alert.textContent).toContain("req-42");
	expect(screen.getByRole("button", { name: "Deploy plan" }).getAttribute("aria-disabled")).toBe("true");
	service.server.resetHandlers(...service.api.handlers);
	await press("Ask again");
	await screen.findByText("Makes all of it, in your account.");
	await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

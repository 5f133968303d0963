import { screen, waitFor, within } from "@testing-library/react";
import { delay, HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import { session } from "../../src/api/client";
import type { Step } from "../../src/deployments/queries";
import { DEPLOYMENT, planId, plans, problem } from "../mocks/answers";
import { press } from "./actions";
import { open, withApi } from "./app";

const service = withApi();
const asked = (call: string) => service.api.asked.filter((one) => one === call).length;
const DEPLOY = `POST /v1/plan/${planId(0)}/deploy`;

beforeEach(() => {
	service.api.withPerson();
	service.api.plans = plans("running");
	session.take(service.api.tokens());
});

test("what stands at an issue is tried again where its reason is told", async () => {
	service.api.deployment = { status: "issue", reason: "the machine did not answer" };
	open(`/deployment/${DEPLOYMENT.id}`);
	await screen.findByText("The machine did not answer.");
	await press("Try again");
	await screen.findByText("Deploying");
	expect(asked(DEPLOY)).toBe(1);
	expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
	expect(screen.queryByText("The machine did not answer.")).toBeNull();
});

test("a try that is refused says why", async () => {
	service.api.deployment = { status: "issue", reason: "it could not be destroyed" };
	service.server.use(http.post("*/v1/plan/:id/deploy", () => problem(409, "destroying", "what ran of it is being destroyed")));
	open(`/deployment/${DEPLOYMENT.id}`);
	await press("Try again");
	expect((await screen.findByRole("alert")).textContent).toContain("What ran of it is being destroyed.");
});

test("nothing is to be tried again while nothing is wrong", async () => {
	service.api.deployment = { status: "running" };
	open(`/deployment/${DEPLOYMENT.id}`);
	await screen.findByText("Make the machine");
	expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});

test.each(["deploying", "changing"])("what is %s can be cancelled", async (status) => {
	service.api.deployment = { status };
	open(`/deployment/${DEPLOYMENT.id}`);
	await press("Cancel");
	await screen.findByText("Cancelling");
	expect(asked(`POST /v1/deployment/${DEPLOYMENT.id}/cancel`)).toBe(1);
	expect(screen.queryByRole("button", { name: "Cancel" })).toBeNull();
});

test("a change that is stuck can be taken back, where its reason is told", async () => {
	service.api.deployment = { status: "issue", reason: "the machine did not answer", target_version: 2 };
	open(`/deployment/${DEPLOYMENT.id}`);
	await screen.findByText("Goes back to what ran before.");
	expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
	expect(screen.queryByRole("button", { name: "Cancel" })).toBeNull();
	await press("Cancel the change");
	await screen.findByText("Cancelling");
	expect(asked(`POST /v1/deployment/${DEPLOYMENT.id}/cancel`)).toBe(1);
	expect(screen.queryByRole("button", { name: "Cancel the change" })).toBeNull();
});

test("a change that is stuck can be taken back on the plan's page, too", async () => {
	service.api.deployment = { status: "issue", target_version: 2 };
	Object.assign(service.api.plans[0] ?? {}, { status: "issue", deployment_id: DEPLOYMENT.id });
	open(`/plan/${planId(0)}`);
	await press("Cancel the change");
	await screen.findByText("Cancelling");
});

test("at an issue that no change got stuck at there is nothing to take back", async () => {
	service.api.deployment = { status: "issue", target_version: null };
	open(`/deployment/${DEPLOYMENT.id}`);
	await screen.findByRole("button", { name: "Try again" });
	expect(screen.queryByRole("button", { name: /^Cancel/ })).toBeNull();
});

test("says for how long the whole is under way, while it is", async () => {
	const started_at = new Date(Date.now() - 65_000).toISOString();
	const steps: Step[] = [{ name: "machine", title: "Make the machine", state: "running", started_at, ended_at: null }];
	service.api.deployment = { status: "deploying", steps };
	open(`/deployment/${DEPLOYMENT.id}`);
	const line = await screen.findByText(/^Under way for 1 min \d+ s$/);
	expect(line.closest("[aria-live]")).toBeNull();
	service.api.deployment = { status: "running", steps };
	await waitFor(() => expect(screen.queryByText(/^Under way/)).toBeNull(), { timeout: 10_000 });
});

test("steps that can't be asked for any more say so beside those that are known, and are asked for again", async () => {
	open(`/deployment/${DEPLOYMENT.id}`);
	await screen.findByText("Make the machine");
	service.server.use(http.get("*/v1/deployment/:id", () => problem(409, "conflict", "ask again in a minute")));
	const alert = await screen.findByRole("alert", undefined, { timeout: 10_000 });
	expect(alert.textContent).toContain("Ask again in a minute.");
	expect(alert.textContent).toContain("req-42");
	expect(screen.getByText("Make the machine")).toBeTruthy();
	service.server.resetHandlers(...service.api.handlers);
	await press("Ask again");
	await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

const never = async () => {
	await delay("infinite");
	return HttpResponse.json({});
};

test("events hold their place until they come", async () => {
	service.server.use(http.get("*/v1/deployment/:id/events", never));
	open(`/deployment/${DEPLOYMENT.id}`);
	const section = (await screen.findByRole("heading", { name: "Events" })).closest("section") as HTMLElement;
	within(section).getByRole("status", { name: "Events are on their way" });
});

test("the steps hold their place on the plan's page until they come", async () => {
	service.server.use(http.get("*/v1/deployment/:id", never));
	Object.assign(service.api.plans[0] ?? {}, { deployment_id: DEPLOYMENT.id });
	open(`/plan/${planId(0)}`);
	await screen.findByRole("status", { name: "The steps are on their way" });
});

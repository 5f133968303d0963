import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import { session } from "../../src/api/client";
import { plans, preview, problem } from "../mocks/answers";
import { heading, press, signIn } from "./actions";
import { open, withApi } from "./app";

const service = withApi();
beforeEach(() => {
	service.api.withPerson();
	session.take(service.api.signedIn());
});

test("a plan shows its status in words, where it is, what it costs and why it has an issue", async () => {
	service.api.plans = plans("running", "issue");
	open("/dashboard");
	const [running, issue] = await screen.findAllByRole("listitem");
	if (!running || !issue) throw new Error("two plans");
	expect(within(running).getByRole("link", { name: "running-0" })).toBeTruthy();
	expect(within(running).getByText("Running").dataset.colour).toBe("green");
	expect(running.textContent).toContain("AWS ca-central-1");
	await waitFor(() => expect(running.textContent).toContain("$31.47 a month"));
	expect(issue.textContent).toContain("No query was answered for 3 minutes; look at the security group.");
});

test("a plan shows when it was changed last, in words and to the second", async () => {
	service.api.plans = plans("stopped");
	const at = new Date(Date.now() - 3 * 3_600_000 - 60_000).toISOString();
	Object.assign(service.api.plans[0] ?? {}, { updated_at: at });
	open("/dashboard");
	const told = await screen.findByText("3 hours ago");
	expect(told.parentElement?.textContent).toBe("changed 3 hours ago");
	expect(told.getAttribute("datetime")).toBe(at);
	await screen.findByText("$31.47");
});

test("all pages of the list are there, and a search leaves those with all its words", async () => {
	service.api.plans = plans(...Array.from({ length: 105 }, (_, n) => (n % 50 === 7 ? "running" : "stopped")));
	open("/dashboard");
	await screen.findByText("105 plans");
	fireEvent.change(screen.getByLabelText("Search"), { target: { value: "CENTRAL running" } });
	await screen.findByText("2 of 105 plans");
	expect(screen.getAllByRole("listitem")).toHaveLength(2);
	await waitFor(() => expect(new URLSearchParams(location.search).get("q")).toBe("CENTRAL running"));
	fireEvent.change(screen.getByLabelText("Search"), { target: { value: "running nowhere" } });
	await screen.findByText(/No plan has all of these words/);
});

test("without a plan the first one is started with its first component, and opened", async () => {
	open("/dashboard");
	await userEvent.click(await screen.findByRole("link", { name: "Start the first plan" }));
	await heading("New plan");
	expect(service.api.plans).toEqual([]);
	await press("Add PostgreSQL");
	await waitFor(() => expect(location.pathname).toBe(`/plan/${service.api.plans[0]?.id}`));
});

test("a list that does not come is told with what to do, and asked for again", async () => {
	service.server.use(http.get("*/v1/plan", () => problem(404, "gone", "the list is not there")));
	open("/dashboard");
	const alert = await screen.findByRole("alert");
	expect(alert.textContent).toContain("The list is not there.");
	expect(alert.textContent).toContain("req-42");
	service.server.resetHandlers(...service.api.handlers);
	await press("Try again");
	await screen.findByText("No plan yet");
});

test("an access token that the gateway refuses is renewed, and the call is tried again, without a word", async () => {
	service.api.plans = plans("running");
	service.api.endAccess();
	open("/dashboard");
	await screen.findByText("Running");
	expect(service.api.asked.filter((call) => call === "POST /v1/auth/refresh")).toHaveLength(1);
});

test("a session that was ended elsewhere leads to the sign-in, and back", async () => {
	service.api.plans = plans("running");
	service.api.endSessions();
	open("/dashboard?q=run");
	expect((await screen.findByRole("status", { name: "" })).textContent).toContain("Your session had ended.");
	await signIn();
	await heading("Plans");
	await screen.findByText("Running");
	expect(location.search).toBe("?q=run");
});

test("a cost that is not known is said so, and keeps nothing else from being shown", async () => {
	service.api.plans = plans("stopped");
	const cost = { ...preview().cost, monthly: null };
	service.server.use(http.post("*/v1/plan/:id/preview", () => HttpResponse.json(preview({ cost }))));
	open("/dashboard");
	await screen.findByText("cost unknown");
	expect(screen.getByText("Stopped")).toBeTruthy();
});

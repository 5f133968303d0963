import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http } from "msw";
import { beforeEach, expect, test } from "vitest";
import { session } from "../../src/api/client";
import { DEPLOYMENT, planId, problem } from "../mocks/answers";
import { PERSON } from "../mocks/api";
import { heading, press, signIn, type } from "./actions";
import { open, withApi } from "./app";

const service = withApi();
beforeEach(() => {
	service.api.withPerson();
	session.take(service.api.tokens());
});

test("shows who is signed in, and what they did, with a way to what it was done to", async () => {
	const line = {
		at: "2026-11-21T12:00:00Z",
		action: "plan-update",
		subject: planId(7),
		request_id: "req-7",
		address: "203.0.113.9",
	};
	service.api.audit = [line, { ...line, action: "account-delete", subject: `acct_${"0".repeat(32)}`, request_id: "req-6" }];
	open("/profile");
	await screen.findByText(PERSON.email);
	const [first, second] = await within(await screen.findByRole("list", { name: "What you did" })).findAllByRole("listitem");
	expect(first?.textContent).toContain("Plan update.");
	expect(first?.textContent).toContain("From 203.0.113.9. Request req-7");
	expect(screen.getByRole("link", { name: planId(7) }).getAttribute("href")).toBe(`/plan/${planId(7)}`);
	expect(second?.textContent).toContain("Account delete.");
});

test("what came before is shown when asked for", async () => {
	service.api.audit = Array.from({ length: 70 }, (_, number) => ({
		at: "2026-11-21T12:00:00Z",
		action: "plan-update",
		subject: planId(0),
		request_id: `req-${number}`,
	}));
	open("/profile");
	await screen.findByText("req-49");
	expect(screen.queryByText("req-50")).toBeNull();
	await press("Show what came before");
	await screen.findByText("req-69");
	expect(screen.queryByRole("button", { name: "Show what came before" })).toBeNull();
});

test("says since when this session is, and signs out everywhere", async () => {
	open("/profile");
	await heading("Profile");
	const began = new Date("2026-11-21T05:00:00Z").toLocaleString("en", { dateStyle: "medium", timeStyle: "medium" });
	expect((await screen.findByText(began)).closest("p")?.textContent).toContain("This session began on");
	await press("Sign out everywhere");
	expect((await screen.findByRole("status")).textContent).toContain("You are signed out everywhere.");
	expect(session.signedIn).toBe(false);
	expect(await session.resume()).toBe(false);
});

test("a sign-out everywhere that fails leaves the person where they are, and says so", async () => {
	service.server.use(
		http.post("*/v1/auth/sign-out-everywhere", () => problem(503, "unavailable", "nothing was changed; try again")),
	);
	open("/profile");
	await press("Sign out everywhere");
	expect((await screen.findByRole("alert")).textContent).toContain("Nothing was changed");
	expect(session.signedIn).toBe(true);
});

test("deletes the account once the address is typed, and says what is in the way", async () => {
	service.api.inUse = DEPLOYMENT.id;
	open("/profile");
	await press("Delete your account");
	const question = within(await screen.findByRole("dialog"));
	const go = question.getByRole("button", { name: "Delete it" });
	await userEvent.click(go);
	expect(service.api.asked).not.toContain("DELETE /v1/me");
	await type(`Type ${PERSON.email} to go on`, PERSON.email);
	await userEvent.click(go);
	expect((await question.findByRole("alert")).textContent).toContain("still lives");
	expect(question.getByRole("link", { name: "Go to the deployment" }).getAttribute("href")).toBe(`/deployment/${DEPLOYMENT.id}`);
	expect(session.signedIn).toBe(true);

	service.api.inUse = null;
	await userEvent.click(go);
	expect((await screen.findByRole("status")).textContent).toBe("Your account is deleted.");
	await signIn();
	expect((await screen.findByRole("alert")).textContent).toContain("The address or the password is wrong.");
});

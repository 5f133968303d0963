import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { begin } from "../../src/pages/auth/google";
import { heading } from "./actions";
import { open, withApi } from "./app";

const service = withApi();
const PAGE = { authorize: "https://page.example/oauth2/authorize", client_id: "client" };
beforeEach(() => {
	service.api.google = PAGE;
});

/** The person leaves, and Cognito's page gives out a code; answers where it sends them back to. */
async function signedInThere(to = "/dashboard"): Promise<string> {
	const left = new URL(await begin(PAGE, to));
	const asked = (name: string) => left.searchParams.get(name) ?? "";
	expect(left.origin + left.pathname).toBe(PAGE.authorize);
	expect([asked("identity_provider"), asked("response_type"), asked("client_id")]).toEqual(["Google", "code", "client"]);
	expect(asked("code_challenge_method")).toBe("S256");
	service.api.codes.set("a-code", asked("code_challenge"));
	const back = new URL(asked("redirect_uri"));
	return `${back.pathname}?code=a-code&state=${encodeURIComponent(asked("state"))}`;
}

test("who comes back from Google is signed in, and where they were going", async () => {
	open(await signedInThere("/account"));
	await heading("Cloud accounts");
	expect(location.pathname).toBe("/account");
	expect(JSON.stringify({ ...sessionStorage, ...localStorage })).not.toMatch(/verifier|access-|refresh-/);
});

test("a code that was not asked for in this tab is not taken", async () => {
	const back = await signedInThere();
	sessionStorage.clear();
	open(back);
	expect((await screen.findByRole("alert")).textContent).toContain("was not begun in this tab");
	expect(service.api.asked).not.toContain("POST /v1/auth/code");
});

test("another's code is not taken in the place of one's own", async () => {
	const back = await signedInThere();
	open(back.replace(/state=.*/, "state=google.another"));
	expect((await screen.findByRole("alert")).textContent).toContain("was not begun in this tab");
});

test("a code that is spent leads back to the sign-in", async () => {
	const back = await signedInThere();
	service.api.codes.clear();
	open(back);
	expect((await screen.findByRole("alert")).textContent).toContain("spent");
	expect((await screen.findByRole("link", { name: "Back to sign in" })).getAttribute("href")).toBe("/sign-in");
});

test("who gave up at Google is told, and can go on with a password", async () => {
	const back = await signedInThere();
	open(back.replace("code=a-code", "error=access_denied"));
	expect((await screen.findByRole("alert")).textContent).toContain("Google did not sign you in");
});

test("the button is there where people sign in by Google, and only there", async () => {
	const page = open("/sign-in");
	expect(await screen.findByRole("button", { name: "Continue with Google" })).toBeTruthy();
	page.unmount();
	const told = vi.fn(() => HttpResponse.json({ google: null }));
	service.server.use(http.get("*/sign-in.json", told));
	open("/sign-in");
	await heading("Sign in");
	await waitFor(() => expect(told).toHaveBeenCalled());
	await new Promise((done) => setTimeout(done, 50));
	expect(screen.queryByRole("button", { name: "Continue with Google" })).toBeNull();
});

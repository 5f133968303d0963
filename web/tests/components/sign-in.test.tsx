import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { CODE, PERSON } from "../mocks/api";
import { heading, press, signIn, type } from "./actions";
import { open, withApi } from "./app";

const service = withApi();
test("signs up, confirms and signs in, typing the address once", async () => {
	open("/sign-up");
	await type("Email", PERSON.email);
	await type("Password", PERSON.password);
	await press("Sign up");

	await heading("Confirm your address");
	expect(await screen.findByLabelText<HTMLInputElement>("Email")).toHaveProperty("value", PERSON.email);
	await type("Code", CODE);
	await press("Confirm");

	expect((await screen.findByRole("status")).textContent).toContain("confirmed");
	await type("Password", PERSON.password);
	await press("Sign in");
	await heading("Plans");
});

test.each(["/sign-in", "/sign-up", "/confirm", "/forgot", "/reset"])(
	"a reload of %s keeps the address that was typed, and neither password nor code",
	async (path) => {
		open(path);
		await type("Email", PERSON.email);
		const secrets = () => screen.queryAllByLabelText<HTMLInputElement>(/^(Code|Password|New password)$/);
		for (const field of secrets()) await userEvent.type(field, "314159");
		cleanup();
		open(path);
		expect(await screen.findByLabelText("Email")).toHaveProperty("value", PERSON.email);
		expect(secrets().every(({ value }) => value === "")).toBe(true);
		expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain("314159");
	},
);

test("says what is wrong beside the field, and goes there", async () => {
	open("/confirm");
	await type("Email", PERSON.email);
	await type("Code", "000000");
	await press("Confirm");
	const code = await screen.findByLabelText("Code");
	await waitFor(() => expect(code.getAttribute("aria-invalid")).toBe("true"));
	const told = code
		.getAttribute("aria-describedby")
		?.split(" ")
		.map((id) => document.getElementById(id)?.textContent);
	expect(told).toContain("The code is not the one that was sent.");
	await waitFor(() => expect(document.activeElement).toBe(code));
});

test("another code is sent to the address in the form, and then not for a minute", async () => {
	open("/confirm");
	await press("Send another code");
	expect(service.api.asked).not.toContain("POST /v1/auth/resend");
	await type("Email", PERSON.email);
	await press("Send another code");
	expect((await screen.findByRole("status")).textContent).toContain("another code is on its way");
	const button = await screen.findByRole("button", { name: /Send another code in \d+ s/ });
	expect(button.getAttribute("aria-disabled")).toBe("true");
	await userEvent.click(button);
	expect(service.api.asked.filter((call) => call === "POST /v1/auth/resend")).toHaveLength(1);
});

test("a wrong password is told with the request's id, and what was typed stays", async () => {
	service.api.withPerson();
	open("/sign-in");
	await signIn("not the password");
	const alert = await screen.findByRole("alert");
	expect(alert.textContent).toContain("The address or the password is wrong.");
	expect(alert.textContent).toContain("req-42");
	expect(screen.getByLabelText("Email")).toHaveProperty("value", PERSON.email);
});

test("an address that is not confirmed is sent to confirm it", async () => {
	service.api.people.set(PERSON.email, { password: PERSON.password, confirmed: false });
	open("/sign-in");
	await signIn();
	await heading("Confirm your address");
});

test("chooses a new password by a code", async () => {
	service.api.withPerson();
	open("/forgot");
	await type("Email", PERSON.email);
	await press("Send the code");
	await heading("Choose a new password");
	await type("Code", CODE);
	await type("New password", "another long password");
	await press("Change the password");
	await heading("Sign in");
	await signIn("another long password");
	await heading("Plans");
});

test("no answer is told as such, and the next try goes through", async () => {
	service.api.withPerson();
	service.server.use(http.post("*/v1/auth/sign-in", () => HttpResponse.error(), { once: true }));
	open("/sign-in");
	await signIn();
	expect((await screen.findByRole("alert")).textContent).toContain("Check your connection");
	await press("Sign in");
	await heading("Plans");
});

test("who is not signed in signs in first, and comes where they were going", async () => {
	service.api.withPerson();
	open("/dashboard?from=mail");
	await heading("Sign in");
	await signIn();
	await heading("Plans");
	expect(location.pathname + location.search).toBe("/dashboard?from=mail");
});

test.each(["//evil.example", "/\\evil.example", "https://evil.example/"])("never leads to another site: %s", async (to) => {
	service.api.withPerson();
	open(`/sign-in?to=${encodeURIComponent(to)}`);
	await heading("Sign in");
	await signIn();
	await heading("Plans");
	expect(location.pathname).toBe("/dashboard");
});

test("signs out, here and at the service", async () => {
	service.api.withPerson();
	open("/sign-in");
	await heading("Sign in");
	await signIn();
	await heading("Plans");
	await press("Sign out");
	expect((await screen.findByRole("status")).textContent).toBe("You are signed out.");
	await waitFor(() => expect(service.api.asked).toContain("POST /v1/auth/sign-out"));
	expect(JSON.stringify({ ...localStorage, ...sessionStorage, c: document.cookie })).not.toMatch(/access-|refresh-/);
});

import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { session } from "../../src/api/client";
import { heading, press, type } from "./actions";
import { open, withApi } from "./app";

const service = withApi();
beforeEach(() => {
	service.api.withPerson();
	session.take(service.api.tokens());
});

test("an account is linked in three steps", async () => {
	open("/account/link");
	await type("Account number", "1234 5678 9012");
	await type("Name", "production");
	await press("Go on");

	expect((await screen.findByRole("link", { name: "Download the template" })).getAttribute("download")).toMatch(
		/^cloudsail-.*\.json$/,
	);
	expect(screen.getByText(/create-stack/).textContent).toContain("--capabilities CAPABILITY_NAMED_IAM");
	expect(screen.getByText("Make volumes").nextElementSibling?.textContent).toBe("ec2:CreateVolume");

	await press("Verify the role");
	expect((await screen.findByRole("alert")).textContent).toBe("The role can't be assumed.");
	service.api.roleIsMade = true;
	await press("Verify the role");
	await screen.findByText(/Plans can be deployed to this account/);
	expect(service.api.accounts.map(({ account_id, name, status }) => [account_id, name, status])).toEqual([
		["123456789012", "production", "verified"],
	]);
});

test("a number that is none is told beside its field", async () => {
	open("/account/link");
	await type("Account number", "42");
	await press("Go on");
	await screen.findByText("Must be the twelve digits of an AWS account.");
	expect(screen.getByLabelText("Account number").getAttribute("aria-invalid")).toBe("true");
});

test("linking is gone on with from the list, with the number that was typed", async () => {
	open("/account/link");
	await type("Account number", "012345678901");
	await press("Go on");
	await screen.findByRole("link", { name: "Download the template" });
	screen.getByRole("link", { name: "Cloud accounts" }).click();
	await heading("Cloud accounts");
	(await screen.findByRole("link", { name: "Go on linking" })).click();
	expect(await screen.findByLabelText("Account number")).toHaveProperty("value", "012345678901");
});

test("an account is unlinked only after a question", async () => {
	service.api.link("123456789012");
	open("/account");
	await press("Unlink");
	await press("Keep it");
	expect(service.api.accounts).toHaveLength(1);
	await press("Unlink");
	const dialog = await screen.findByRole("dialog", { name: "Unlink production?" });
	within(dialog).getByRole("button", { name: "Unlink" }).click();
	await waitFor(() => expect(screen.queryByRole("listitem")).toBeNull());
	expect(service.api.accounts).toHaveLength(0);
});

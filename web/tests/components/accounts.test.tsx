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

	expect((await screen.findByRole("link", { name: "download the template" })).getAttribute("download")).toMatch(
		/^cloudsail-.*\.json$/,
	);
	const console = await screen.findByRole("link", { name: "Make the roles in the AWS console" });
	await waitFor(() => expect(console.getAttribute("href")).toMatch(/ca-central-1.*#\/stacks\/quickcreate\?/));
	expect(screen.getByText(/create-stack/).textContent).toContain("--capabilities CAPABILITY_NAMED_IAM");

	await press("Verify the roles");
	expect((await screen.findByRole("alert")).textContent).toBe("The role can't be assumed.");
	service.api.roleIsMade = true;
	await press("Verify the roles");
	await screen.findByText(/Plans can be deployed to this account/);
	expect(service.api.accounts.map(({ account_id, name, status }) => [account_id, name, status])).toEqual([
		["123456789012", "production", "verified"],
	]);
});

test("each permission of both roles is listed with what it is for, and what bounds them last", async () => {
	open("/account/link");
	await type("Account number", "123456789012");
	await press("Go on");
	await screen.findByText("What the roles may do, and what for");
	const lists = screen.getAllByRole("region", { name: /^Cloudsail/ }).map((region) => ({
		name: region.getAttribute("aria-label"),
		grants: [...region.querySelectorAll("dl > div")].map((grant) => [...grant.children].map(({ textContent }) => textContent)),
	}));
	expect(lists.map(({ name }) => name)).toEqual([
		"CloudsailAccess-b5cb0ec6",
		"CloudsailMonitor-b5cb0ec6",
		"CloudsailBoundary-b5cb0ec6",
	]);
	expect(lists[0]?.grants[1]).toEqual(["Make volume", "The database's files are on a volume of their own.", "ec2:CreateVolume"]);
	expect(lists[1]?.grants[1]).toEqual([
		"Look at its roles",
		"Before a deploy it asks IAM whether the two roles may still do what they need.",
		"iam:SimulatePrincipalPolicy",
	]);
	// The same name stands for another thing in each role.
	expect(lists[0]?.grants[0]?.[1]).not.toBe(lists[1]?.grants[0]?.[1]);
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
	await screen.findByRole("link", { name: "download the template" });
	screen.getByRole("link", { name: "Cloud accounts" }).click();
	await heading("Cloud accounts");
	(await screen.findByRole("link", { name: "Go on linking" })).click();
	await screen.findByRole("link", { name: "download the template" });
	expect(screen.getByText("012345678901")).toBeTruthy();
});

test("a reload loses nothing of a link: neither what is typed, nor the step that it came to", async () => {
	const first = open("/account/link");
	await type("Account number", "012345678901");
	await type("Region", "eu-central-1");
	await type("Name", "production");
	first.unmount();
	const second = open("/account/link");
	expect(await screen.findByLabelText("Account number")).toHaveProperty("value", "012345678901");
	expect(screen.getByLabelText("Region")).toHaveProperty("value", "eu-central-1");
	expect(screen.getByLabelText("Name")).toHaveProperty("value", "production");
	await press("Go on");
	await screen.findByRole("link", { name: "download the template" });
	await waitFor(() => expect(location.search).toContain("eu-central-1"));
	expect({ ...sessionStorage }).toEqual({});
	second.unmount();
	const third = open(location.pathname + location.search);
	await screen.findByRole("link", { name: "download the template" });
	expect(service.api.accounts).toHaveLength(1);
	service.api.roleIsMade = true;
	await press("Verify the roles");
	await screen.findByText(/Plans can be deployed to this account/);
	third.unmount();
	open(location.pathname + location.search);
	await screen.findByText(/Plans can be deployed to this account/);
});

test("an address alone links no account: it only fills the form", async () => {
	open("/account/link?account=123456789012&region=eu-central-1");
	expect(await screen.findByLabelText("Account number")).toHaveProperty("value", "123456789012");
	expect(screen.getByLabelText("Region")).toHaveProperty("value", "eu-central-1");
	expect(service.api.accounts).toEqual([]);
});

test("what was left in an account is shown with its age and cost", async () => {
	const account = service.api.link("123456789012");
	const found = { name: "cloudsail-1", deployment_id: null, region: "ca-central-1", age_s: 7200, why: "it was left behind" };
	account.status = "verified";
	account.strays = {
		...account.strays,
		count: 1,
		monthly_cost: "1.60",
		currency: "USD",
		checked_at: "2026-11-21T12:00:00Z",
		items: [{ ...found, kind: "volume", id: "vol-1", created_at: "2026-11-21T10:00:00Z", monthly_cost: "1.60" }],
		ghosts: [{ ...found, kind: "instance", id: "i-1", created_at: null, monthly_cost: "0.00" }],
	};
	open("/account");
	expect((await screen.findByText(/^1 stray/)).textContent).toMatch(/^1 stray, \$1\.60 a month, 1 ghost, looked through /);
	const [stray, ghost] = within(screen.getByRole("list", { name: "Strays and ghosts" })).getAllByRole("listitem");
	expect(stray?.textContent).toMatch(/^volume vol-1, made .+, \$1\.60 a month.*it was left behind/i);
	expect(ghost?.textContent).toMatch(/^instance i-1.*it was left behind/i);
	await press("Look for strays");
	await screen.findByText(/^0 strays/);
	expect(screen.queryByRole("list", { name: "Strays and ghosts" })).toBeNull();
});

test("an account that holds nothing that it should not says so", async () => {
	const account = service.api.link("123456789012");
	Object.assign(account.strays, { count: 0, monthly_cost: "0.00", currency: "USD", checked_at: "2026-11-21T12:00:00Z" });
	open("/account");
	await screen.findByText(/^0 strays, looked through/);
	expect(screen.queryByRole("list", { name: "Strays and ghosts" })).toBeNull();
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

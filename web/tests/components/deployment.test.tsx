import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { session } from "../../src/api/client";
import { DEPLOYMENT, plans } from "../mocks/answers";
import { heading, press } from "./actions";
import { open, withApi } from "./app";

const LINE = {
	at: "2026-11-21T12:00:00Z",
	action: "deployment-connection-reveal",
	subject: DEPLOYMENT.id,
	request_id: "req-7",
};

const service = withApi();
beforeEach(() => {
	service.api.withPerson();
	service.api.plans = plans("running");
	service.api.deployment = {
		status: "running",
		configuration: [{ name: "work_mem", value: "8MB", reason: "what is left, shared by 200 clients", source: "rule" }],
	};
	service.api.audit = [LINE, { ...LINE, subject: `dep_${"f".repeat(32)}`, request_id: "req-6" }];
	session.take(service.api.tokens());
	open(`/deployment/${DEPLOYMENT.id}`);
});

test("says how to connect, with the certificate checked and without the password", async () => {
	await heading("running-0");
	expect((await screen.findByText(/^psql "host=10.0.0.4/)).textContent).toContain("sslmode=verify-full sslrootcert=ca.pem");
	for (const client of ["URL", "Python (psycopg)", "Node (pg)", "JDBC"]) {
		await userEvent.click(screen.getByRole("tab", { name: client }));
		expect((await screen.findByRole("tabpanel")).textContent).toContain("10.0.0.4");
	}
	expect(document.body.textContent).not.toContain("a-secret");
});

test("the password is shown only when asked for, and hidden again", async () => {
	await press("Reveal the password");
	await screen.findByText("a-secret");
	await press("Hide");
	expect(screen.queryByText("a-secret")).toBeNull();
	expect(service.api.asked.filter((call) => call.endsWith("/reveal"))).toHaveLength(1);
});

test("shows the configuration with its reasons, and what happened", async () => {
	expect((await screen.findByText("work_mem = 8MB")).closest("div")?.textContent).toContain(
		"What is left, shared by 200 clients.",
	);
	await screen.findByText("The machine is made.");
});

test("a password that is revealed is on the list of what was done at once", async () => {
	const list = await screen.findByRole("list", { name: "What you did to it" });
	await within(list).findByRole("listitem");
	service.api.audit.unshift({ ...LINE, request_id: "req-8" });
	await press("Reveal the password");
	await within(list).findByText("req-8");
});

test("shows what was done to it, and to nothing else", async () => {
	const list = await screen.findByRole("list", { name: "What you did to it" });
	const [only, ...others] = await within(list).findAllByRole("listitem");
	expect(only?.textContent).toContain("Deployment connection reveal.");
	expect(others).toEqual([]);
});

test("says that backups and charts are not made yet, and what to do until then", async () => {
	const section = (await screen.findByRole("heading", { name: "Backups, restore and charts" })).closest("section");
	expect(section?.textContent).toContain("not carried out yet");
	expect(section?.textContent).toContain("pg_dump");
	expect(section?.textContent).toContain("Charts of what the database does are not made yet.");
});

test("is destroyed only once its name was typed", async () => {
	await press("Destroy");
	const dialog = await screen.findByRole("dialog", { name: "Destroy running-0?" });
	const destroy = within(dialog).getByRole("button", { name: "Destroy it" });
	await userEvent.click(destroy);
	expect(service.api.asked.some((call) => call.startsWith("DELETE"))).toBe(false);
	await userEvent.type(within(dialog).getByLabelText("Type running-0 to go on"), "running-0");
	await userEvent.click(destroy);
	await screen.findByText("Destroying");
	await waitFor(() => expect(screen.queryByText("How to connect")).toBeNull());
});

/** Opens the dialog, types the name, and goes on. */
async function destroy(button: string, choose?: string) {
	await press(button);
	const dialog = within(await screen.findByRole("dialog"));
	if (choose) await userEvent.click(dialog.getByLabelText(choose));
	await userEvent.type(dialog.getByLabelText("Type running-0 to go on"), "running-0");
	await userEvent.click(dialog.getByRole("button", { name: "Destroy it" }));
}

test("a destroy can be undone, and says what it costs until then", async () => {
	await destroy("Destroy");
	await screen.findByText(/its disk goes on costing\. Until/);
	await press("Undo");
	await screen.findByText("Changing");
	expect(screen.queryByText(/its disk goes on costing/)).toBeNull();
});

test("what is only stopped can be destroyed for good, and a destroy for good can't be undone", async () => {
	await destroy("Destroy");
	await destroy("Destroy it now");
	await waitFor(() => expect(screen.queryByRole("button", { name: "Undo" })).toBeNull());
});

test("a destroy for good offers no way back", async () => {
	await destroy("Destroy", "Now, so that it can't be undone");
	await screen.findByText("Destroying");
	expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
	expect(screen.queryByRole("button", { name: /Destroy/ })).toBeNull();
});

import type { WebSocketRoute } from "@playwright/test";
import { planId, plans } from "../mocks/answers";
import { MockApi } from "../mocks/api";
import { signIn, withApi } from "./app";
import { expect, test } from "./page";

test("a change is told of as it happens; without a socket the page looks by itself, and then asks for what it missed", async ({
	page,
	baseURL,
}) => {
	const api = new MockApi().withPerson();
	api.plans = plans("deploying", "running");
	api.socketUrl = `${baseURL?.replace(/^http/, "ws")}/socket`;
	const sockets: WebSocketRoute[] = [];
	let sequence = 7;
	await page.routeWebSocket(/\/socket\?ticket=ticket-1$/, (socket) => {
		sockets.push(socket);
		socket.onMessage((text) => {
			expect(JSON.parse(String(text))).toEqual({ action: "subscribe" });
			socket.send(JSON.stringify({ subscribed: true, sequence }));
		});
	});
	await withApi(page, api);
	await signIn(page);
	const first = page.getByRole("listitem").filter({ hasText: "deploying-0" });
	await expect(first.getByText("Deploying", { exact: true })).toBeVisible();
	await expect.poll(() => sockets.length).toBe(1);

	const become = (status: string) => Object.assign(api.plans[0] ?? {}, { status });
	become("running");
	sequence += 1;
	sockets[0]?.send(JSON.stringify({ sequence, plan: planId(0), deployment: null, status: "running" }));
	// Told, and not found by looking: that would be a minute later.
	await expect(first.getByText("Running", { exact: true })).toBeVisible({ timeout: 5_000 });

	become("issue");
	sequence += 3;
	api.missed = { sequence, plans: [planId(0)], deployments: [], more: false };
	await sockets[0]?.close();
	await expect.poll(() => sockets.length).toBe(2);
	await expect(first.getByText("Has an issue")).toBeVisible({ timeout: 5_000 });
	expect(api.asked).toContain("GET /v1/changes");
});

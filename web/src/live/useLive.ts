import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, ask } from "../api/client";
import { type Changed, Live } from "./live";

/** How often to look all the same, where changes are told of. */
const TOLD_MS = 60_000;
/** Changes that come together are looked at once. */
const TOGETHER_MS = 150;

let live: Live | null = null;

/** Whether changes are told of as they happen. */
export const isTold = () => live?.connected ?? false;

/** How often to look: as often as said, unless changes are told of as they happen. */
export const pace = (unheard: number) => (isTold() ? TOLD_MS : unheard);

function looking(client: QueryClient): (what: Changed) => void {
	let plans = new Set<string>();
	let deployments = new Set<string>();
	let all = false;
	let soon = false;
	const look = () => {
		soon = false;
		const keys = all
			? [["plans"], ["plan"], ["deployment"]]
			: [["plans"], ...[...plans].map((id) => ["plan", id]), ...[...deployments].map((id) => ["deployment", id])];
		[plans, deployments, all] = [new Set(), new Set(), false];
		for (const queryKey of keys) void client.invalidateQueries({ queryKey });
	};
	return (what) => {
		for (const id of what.plans) plans.add(id);
		for (const id of what.deployments) deployments.add(id);
		all ||= what.all ?? false;
		if (!soon) setTimeout(look, TOGETHER_MS);
		soon = true;
	};
}

/** While somebody is signed in, what they look at changes as it happens. */
export function useLive() {
	const client = useQueryClient();
	useEffect(() => {
		const own = new Live({
			ticket: () => ask(api.POST("/v1/socket/ticket")),
			changes: (after) => ask(api.GET("/v1/changes", { params: { query: { after } } })),
			changed: looking(client),
		});
		live = own;
		own.start();
		return () => {
			own.stop();
			if (live === own) live = null;
		};
	}, [client]);
}

import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, ask, once } from "../api/client";
import type { components } from "../api/schema";
import { pace } from "../live/useLive";
import { isBusy, planQuery, plansQuery, SELDOM_MS, SOON_MS } from "../plans/queries";

export type Deployment = components["schemas"]["Deployment"];
export type Step = components["schemas"]["Step"];
export type Setting = components["schemas"]["Setting"];
export type Event = components["schemas"]["Event"];
export type Connection = components["schemas"]["Connection"];

const path = (deployment_id: string) => ({ path: { deployment_id } });

export const deploymentQuery = (id: string) =>
	queryOptions({
		queryKey: ["deployment", id],
		queryFn: () => ask(api.GET("/v1/deployment/{deployment_id}", { params: path(id) })),
		// Where it can't be asked for, the page says so, and not anew every other second.
		refetchInterval: ({ state }) => pace(state.data && isBusy(state.data.status) && !state.error ? SOON_MS / 2 : SELDOM_MS),
	});

/** Asks for a deployment that was told to do something, and for its plan. */
export const lookAnew = (client: QueryClient, { id, plan_id }: Pick<Deployment, "id" | "plan_id">) =>
	Promise.all(
		[deploymentQuery(id).queryKey, planQuery(plan_id).queryKey, plansQuery.queryKey].map((queryKey) =>
			client.invalidateQueries({ queryKey }),
		),
	);

/** What happened, oldest first. */
export const eventsQuery = ({ id, updated_at }: Pick<Deployment, "id" | "updated_at">) =>
	queryOptions({
		queryKey: ["events", id, updated_at],
		queryFn: async () => {
			const events: Event[] = [];
			let cursor: string | null | undefined;
			do {
				const query = { limit: 100, ...(cursor && { cursor }) };
				const page = await ask(api.GET("/v1/deployment/{deployment_id}/events", { params: { ...path(id), query } }));
				events.push(...page.items);
				cursor = page.next_cursor;
			} while (cursor);
			return events;
		},
	});

export const connectionQuery = (id: string) =>
	queryOptions({
		queryKey: ["connection", id],
		queryFn: () => ask(api.GET("/v1/deployment/{deployment_id}/connection", { params: path(id) })),
		staleTime: 60_000,
	});

export const cancelDeployment = (id: string) =>
	ask(api.POST("/v1/deployment/{deployment_id}/cancel", { params: { ...path(id), ...once() } }));

/** Without an Idempotency-Key: for one the answer would be kept, and this one holds a password. */
export const revealPassword = (id: string) =>
	ask(api.POST("/v1/deployment/{deployment_id}/connection/reveal", { params: path(id) }));

/** Without `now`, what ran is only stopped for a while, in which it can be brought back. */
export const destroyDeployment = (id: string, now: boolean) =>
	ask(api.DELETE("/v1/deployment/{deployment_id}", { params: { ...path(id), query: { now } } }));

export const undoDestroy = (id: string) =>
	ask(api.POST("/v1/deployment/{deployment_id}/undelete", { params: { ...path(id), ...once() } }));

/** Until when a destroy can be undone; null where it can't be. */
export function undoableUntil({ status, destroy_at }: Pick<Deployment, "status" | "destroy_at">): Date | null {
	const until = destroy_at && status !== "not_deployed" ? new Date(destroy_at) : null;
	return until && until.getTime() > Date.now() ? until : null;
}

import { queryOptions } from "@tanstack/react-query";
import { api, ask, once } from "../api/client";
import type { components } from "../api/schema";
import { isTold, pace } from "../live/useLive";
import type { Json } from "./schema";

type Schemas = components["schemas"];
export type Plan = Schemas["Plan"];
export type Cost = Schemas["Cost"];
/** What a deploy would do. */
export type Preview = Schemas["Preview"];

/** A plan for the editor, which works on all that the plan's schema may come to allow, by paths. */
export const asJson = (plan: object) => plan as Json;
/** A plan as it is sent, drafts and mistakes too: the service judges it. */
const asPlan = (plan: unknown) => plan as Schemas["FullPlan"];

const PAGE = 100;
const BUSY = new Set(["deploying", "changing", "cancelling", "destroying"]);
/** How often to look while something moves, and else. */
export const SOON_MS = 4_000;
export const SELDOM_MS = 20_000;

/** The service keeps a list for some seconds for those who look again and again; who was told of a change wants to see it. */
const AS_IT_IS_NOW = { headers: { "Cache-Control": "no-cache" } };

async function allPlans(): Promise<Plan[]> {
	const plans: Plan[] = [];
	let cursor: string | null | undefined;
	do {
		const params = { query: { limit: PAGE, ...(cursor && { cursor }) } };
		const page = await ask(api.GET("/v1/plan", { params, ...(isTold() && AS_IT_IS_NOW) }));
		plans.push(...page.items);
		cursor = page.next_cursor;
	} while (cursor);
	return plans;
}

export const plansQuery = queryOptions({
	queryKey: ["plans"],
	queryFn: allPlans,
	refetchInterval: ({ state }) => pace(state.data?.some(({ status }) => BUSY.has(status)) ? SOON_MS : SELDOM_MS),
});

/** What a month of a plan costs. A version costs the same however often it is asked; the account is left out, which is faster. */
export const costQuery = ({ id, version }: Pick<Plan, "id" | "version">) =>
	queryOptions({
		queryKey: ["cost", id, version],
		queryFn: async () => {
			const params = { path: { plan_id: id }, query: { account: false } };
			return (await ask(api.POST("/v1/plan/{plan_id}/preview", { params }))).cost;
		},
		staleTime: Number.POSITIVE_INFINITY,
	});

/** Begins a plan; defaults fill in what it leaves out. */
export const createPlan = (plan: Json) => ask(api.POST("/v1/plan", { params: once(), body: asPlan(plan) }));

export const planQuery = (id: string) =>
	queryOptions({
		queryKey: ["plan", id],
		queryFn: () => ask(api.GET("/v1/plan/{plan_id}", { params: { path: { plan_id: id } } })),
		refetchInterval: ({ state }) => pace(state.data && BUSY.has(state.data.status) ? SOON_MS : SELDOM_MS),
	});

/** Saves a plan over the version that it was made from; 412 where somebody else was first. */
export const savePlan = (id: string, version: number, plan: Json) =>
	ask(
		api.PUT("/v1/plan/{plan_id}", {
			params: { path: { plan_id: id }, header: { "If-Match": `"${version}"` } },
			body: asPlan(plan),
		}),
	);

/** What a deploy would do depends on what runs, so each status has its own; what was true at an earlier one is forgotten. */
export const previewQuery = ({ id, version, status }: Pick<Plan, "id" | "version" | "status">) =>
	queryOptions({
		queryKey: ["preview", id, version, status],
		queryFn: () => ask(api.POST("/v1/plan/{plan_id}/preview", { params: { path: { plan_id: id } } })),
		staleTime: 60_000,
		gcTime: 0,
	});

export const deployPlan = (id: string) =>
	ask(api.POST("/v1/plan/{plan_id}/deploy", { params: { path: { plan_id: id }, ...once() } }));

export const isBusy = (status: string) => BUSY.has(status);

/** A folder of Terraform that makes the same without us. */
export const exportPlan = (id: string) =>
	ask(api.GET("/v1/plan/{plan_id}/export", { params: { path: { plan_id: id }, query: { to: "terraform" } } }));

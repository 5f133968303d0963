import { queryOptions } from "@tanstack/react-query";
import { api, ask, once } from "../api/client";
import type { components } from "../api/schema";
import { isTold, pace } from "../live/useLive";
import type { Setting } from "../ui/SettingList";
import type { Json } from "./schema";

export type Plan = components["schemas"]["Plan"];
export type CsPlan = components["schemas"]["FullPlan"];

/** The plan itself. The document calls it an object; it is cs-json, complete. */
export const content = (plan: Plan) => plan.plan as unknown as CsPlan;

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

export interface Cost {
	/** A decimal, or null where a part's price is unknown. */
	monthly: string | null;
	/** The same, once a disk that grows by itself has grown as far as it may; null where none does. */
	monthly_ceiling: string | null;
	currency: string;
	priced_at: string;
	region_borrowed: string | null;
}

/** What a month of a plan costs. A version costs the same however often it is asked; the account is left out, which is faster. */
export const costQuery = ({ id, version }: Pick<Plan, "id" | "version">) =>
	queryOptions({
		queryKey: ["cost", id, version],
		queryFn: async () => {
			const params = { path: { plan_id: id }, query: { account: false } };
			return (await ask(api.POST("/v1/plan/{plan_id}/preview", { params }))).cost as unknown as Cost;
		},
		staleTime: Number.POSITIVE_INFINITY,
	});

/** Begins a plan; defaults fill in what it leaves out. */
export const createPlan = (plan: Json) => ask(api.POST("/v1/plan", { params: once(), body: plan as unknown as CsPlan }));

export const planQuery = (id: string) =>
	queryOptions({
		queryKey: ["plan", id],
		queryFn: () => ask(api.GET("/v1/plan/{plan_id}", { params: { path: { plan_id: id } } })),
		refetchInterval: ({ state }) => pace(state.data && BUSY.has(state.data.status) ? SOON_MS : SELDOM_MS),
	});

/** Saves a plan over the version that it was made from; 412 where somebody else was first. */
export const savePlan = (id: string, version: number, plan: unknown) =>
	ask(
		api.PUT("/v1/plan/{plan_id}", {
			params: { path: { plan_id: id }, header: { "If-Match": `"${version}"` } },
			body: plan as CsPlan,
		}),
	);

export interface Told {
	code: string;
	pointer: string | null;
	message: string;
}

/** How a change reaches what runs, the gentlest first. */
export type How = "in_place" | "reload" | "restart" | "reboot" | "replace";

export interface Difference<Value> {
	from: Value;
	to: Value;
	how: How;
	reason?: string;
}

export interface Changes {
	create: { id: string; type: string }[];
	/** `pointer`: into the resource's properties. */
	change: { id: string; type: string; how: How; fields: (Difference<Json> & { pointer: string })[] }[];
	remove: { id: string; type: string }[];
	/** Of PostgreSQL; null is its own default. */
	settings: (Difference<string | null> & { component: string; name: string })[];
}

/** What a deploy would do, with the parts that the page shows. */
export interface Preview {
	kind: "new" | "change" | "none";
	/** The strongest way in which something that runs is touched. */
	effect: How | null;
	changes: Changes;
	configuration: Record<string, { settings: Setting[]; kernel: Setting[]; limits: Setting[] }>;
	cost: Cost & { parts: { what: string; monthly: string | null; reason: string }[] };
	warnings: Told[];
	problems: Told[] | null;
}

/** What a deploy would do depends on what runs, so each status has its own; what was true at an earlier one is forgotten. */
export const previewQuery = ({ id, version, status }: Pick<Plan, "id" | "version" | "status">) =>
	queryOptions({
		queryKey: ["preview", id, version, status],
		queryFn: async () =>
			(await ask(api.POST("/v1/plan/{plan_id}/preview", { params: { path: { plan_id: id } } }))) as unknown as Preview,
		staleTime: 60_000,
		gcTime: 0,
	});

export const deployPlan = (id: string) =>
	ask(api.POST("/v1/plan/{plan_id}/deploy", { params: { path: { plan_id: id }, ...once() } }));

export const isBusy = (status: string) => BUSY.has(status);

/** A folder of Terraform that makes the same without us. */
export const exportPlan = (id: string) =>
	ask(api.GET("/v1/plan/{plan_id}/export", { params: { path: { plan_id: id }, query: { to: "terraform" } } }));

import { queryOptions } from "@tanstack/react-query";
import { api, ask, once } from "../api/client";
import type { components } from "../api/schema";

export type Plan = components["schemas"]["Plan"];
export type CsPlan = components["schemas"]["FullPlan"];

/** The plan itself. The document calls it an object; it is cs-json, complete. */
export const content = (plan: Plan) => plan.plan as unknown as CsPlan;

const PAGE = 100;
const BUSY = new Set(["deploying", "changing", "cancelling", "destroying"]);
/** How often to look while something moves, and else. */
const SOON_MS = 4_000;
const SELDOM_MS = 20_000;

async function allPlans(): Promise<Plan[]> {
	const plans: Plan[] = [];
	let cursor: string | null | undefined;
	do {
		const page = await ask(api.GET("/v1/plan", { params: { query: { limit: PAGE, ...(cursor && { cursor }) } } }));
		plans.push(...page.items);
		cursor = page.next_cursor;
	} while (cursor);
	return plans;
}

export const plansQuery = queryOptions({
	queryKey: ["plans"],
	queryFn: allPlans,
	refetchInterval: ({ state }) => (state.data?.some(({ status }) => BUSY.has(status)) ? SOON_MS : SELDOM_MS),
});

export interface Cost {
	/** A decimal, or null where a part's price is unknown. */
	monthly: string | null;
	currency: string;
	priced_at: string;
	region_borrowed: string | null;
}

/** What a month of a plan costs. A version costs the same however often it is asked; the account is left out, which is faster. */
export const costQuery = ({ id, version }: Pick<Plan, "id" | "version">) =>
	queryOptions({
		queryKey: ["cost", id, version],
		queryFn: async () => {
			const params = { path: { plan_id: id }, query: { account: false }, ...once() };
			return (await ask(api.POST("/v1/plan/{plan_id}/preview", { params }))).cost as unknown as Cost;
		},
		staleTime: Number.POSITIVE_INFINITY,
	});

/** A plan of one PostgreSQL, small; defaults fill the rest. */
export const createPlan = () =>
	ask(
		api.POST("/v1/plan", {
			params: once(),
			body: { os: "linux", hardware: { storage: "ssd" }, db: { flavor: "pg", version: "17", backup: "needed" } },
		}),
	);

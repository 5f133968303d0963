import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import { type Cost, costQuery, type Plan } from "../../plans/queries";
import { money } from "../../ui/amounts";
import { sentence } from "../../ui/Notice";
import { Status } from "../../ui/Status";
import { ago } from "../../ui/time";
import { useSeen } from "../../ui/useSeen";

const CLOUDS: Record<string, string> = { aws: "AWS", azure: "Azure", gcp: "Google Cloud" };

/** "AWS ca-central-1"; a draft may lack its region. */
export function place(plan: Plan): string {
	const { provider, region } = plan.plan.cloud ?? {};
	return `${CLOUDS[provider ?? "aws"] ?? provider} ${region ?? "(no region yet)"}`;
}

export function PlanRow({ plan }: { plan: Plan }) {
	const row = useRef<HTMLLIElement>(null);
	const cost = useQuery({ ...costQuery(plan), enabled: useSeen(row) });
	return (
		<li ref={row} className="plan-row">
			<Link to="/plan/$planId" params={{ planId: plan.id }} className="plan-name">
				{plan.name}
			</Link>
			<Status status={plan.status} />
			<span>
				<span className="visually-hidden">in </span>
				{place(plan)}
			</span>
			<span className="cost" aria-busy={cost.isLoading}>
				{cost.data ? <Month cost={cost.data} /> : <span className="soft">{cost.isError ? "cost unknown" : "…"}</span>}
			</span>
			<span className="soft">
				changed <time dateTime={plan.updated_at}>{ago(plan.updated_at)}</time>
			</span>
			{plan.status === "issue" && plan.reason && <p className="plan-reason">{sentence(plan.reason)}</p>}
		</li>
	);
}

export function Month({ cost }: { cost: Cost }) {
	if (!cost.monthly) return <span className="soft">cost unknown</span>;
	return (
		<>
			{money(cost.monthly, cost.currency)}
			<span className="soft"> a month</span>
		</>
	);
}

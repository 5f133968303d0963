import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { type Plan, plansQuery } from "../../plans/queries";
import { counted } from "../../ui/amounts";
import { Button } from "../../ui/Button";
import { ErrorNotice } from "../../ui/Notice";
import { SkeletonRows } from "../../ui/Skeleton";
import { statusOf } from "../../ui/Status";
import { useTitle } from "../../ui/useTitle";
import { PlanRow, place } from "./PlanRow";

export default function Dashboard() {
	useTitle("Plans");
	const plans = useQuery(plansQuery);
	return (
		<>
			<div className="page-head">
				<h1>Plans</h1>
				{plans.data && plans.data.length > 0 && (
					<Link to="/plan/new" className="button">
						New plan
					</Link>
				)}
			</div>
			{plans.error && (
				<ErrorNotice error={plans.error}>
					<Button kind="quiet" onClick={() => plans.refetch()}>
						Try again
					</Button>
				</ErrorNotice>
			)}
			{plans.isPending && <SkeletonRows rows={4} label="Your plans are on their way" />}
			{plans.data && (plans.data.length > 0 ? <Plans plans={plans.data} /> : <Empty />)}
		</>
	);
}

function Empty() {
	return (
		<section className="empty" aria-labelledby="first">
			<h2 id="first">No plan yet</h2>
			<p>
				A plan says what you want: a version of PostgreSQL, a size, a disk, backups, and who may connect. It begins with one
				component; what you leave out is filled in. Nothing is made, and nothing costs, until you press Deploy.
			</p>
			<Link to="/plan/new" className="button">
				Start the first plan
			</Link>
		</section>
	);
}

const matches = (plan: Plan, words: string[]) => {
	const text = `${plan.name} ${place(plan)} ${statusOf(plan.status).text}`.toLowerCase();
	return words.every((word) => text.includes(word));
};

function Plans({ plans }: { plans: Plan[] }) {
	const { q: asked = "" } = useSearch({ from: "/inside/dashboard" });
	const navigate = useNavigate({ from: "/dashboard" });
	const [typed, setTyped] = useState(asked);
	const q = useDeferredValue(typed); // typing goes on while a long list is drawn

	// The address follows, so that a reload and a link find the same.
	useEffect(() => {
		if (q !== asked) void navigate({ search: { q: q || undefined }, replace: true });
	}, [q, asked, navigate]);

	const found = useMemo(() => {
		const words = q.toLowerCase().split(/\s+/);
		return plans.filter((plan) => matches(plan, words));
	}, [plans, q]);
	return (
		<>
			<search className="search">
				<label htmlFor="search">Search</label>
				<input
					id="search"
					type="search"
					value={typed}
					placeholder="name, region or status"
					onChange={({ target }) => setTyped(target.value)}
				/>
				<output htmlFor="search">
					{q ? `${found.length} of ${counted(plans.length, "plan")}` : counted(plans.length, "plan")}
				</output>
			</search>
			<ul className="rows" aria-label="Plans">
				{found.map((plan) => (
					<PlanRow key={plan.id} plan={plan} />
				))}
			</ul>
			{found.length === 0 && <p className="soft">No plan has all of these words in its name, place or status.</p>}
		</>
	);
}

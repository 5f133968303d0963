import type { Account } from "../../accounts/queries";
import { counted, money } from "../../ui/amounts";
import { sentence } from "../../ui/Notice";
import { ago } from "../../ui/time";

/** What the account holds that should not be there, and what should be there and is not. */
export function Strays({ strays }: { strays: Account["strays"] }) {
	const { count, monthly_cost, currency, checked_at, problem, items, ghosts } = strays;
	if (!checked_at) return problem ? <p className="plan-reason">{sentence(problem)}</p> : null;
	const cost = count && monthly_cost && currency ? `, ${money(monthly_cost, currency)} a month` : "";
	const found = [...items.map((one) => ({ ...one, word: "stray" })), ...ghosts.map((one) => ({ ...one, word: "ghost" }))];
	const figure = `${counted(count ?? 0, "stray")}${cost}${ghosts.length ? `, ${counted(ghosts.length, "ghost")}` : ""}`;
	return (
		<div className="strays">
			<p className="soft">
				{figure}, looked through <time dateTime={checked_at}>{ago(checked_at)}</time>
			</p>
			{problem && <p className="plan-reason">{sentence(problem)}</p>}
			{found.length > 0 && (
				<ul aria-label="Strays and ghosts">
					{found.map(({ word, kind, id, created_at, monthly_cost: one, why }) => (
						<li key={`${word} ${kind} ${id}`}>
							{kind} <code>{id}</code>
							{created_at && (
								<>
									, made <time dateTime={created_at}>{ago(created_at)}</time>
								</>
							)}
							{word === "stray" && one && currency && Number(one) > 0 && `, ${money(one, currency)} a month`}
							<p className="soft">{sentence(why)}</p>
						</li>
					))}
				</ul>
			)}
		</div>
	);
}

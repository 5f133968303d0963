import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Account, accountsQuery, linkedQuery, lookForStrays, removeAccount, verifyAccount } from "../../accounts/queries";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { ErrorNotice, sentence } from "../../ui/Notice";
import { SkeletonRows } from "../../ui/Skeleton";
import { ago } from "../../ui/time";
import { useTitle } from "../../ui/useTitle";
import { Strays } from "./Strays";

export default function Accounts() {
	useTitle("Cloud accounts");
	const accounts = useQuery(accountsQuery);
	return (
		<>
			<div className="page-head">
				<h1>Cloud accounts</h1>
				<Link to="/account/link" className="button">
					Link an account
				</Link>
			</div>
			<ErrorNotice error={accounts.error} />
			{accounts.isPending && <SkeletonRows rows={2} label="Your accounts are on their way" />}
			{accounts.data?.length === 0 && (
				<p className="empty">
					No account is linked yet. A plan can be drawn without one; to deploy it, link the AWS account that the database is to
					run in.
				</p>
			)}
			<ul className="rows" aria-label="Cloud accounts">
				{accounts.data?.map((account) => (
					<AccountRow key={account.id} account={account} />
				))}
			</ul>
		</>
	);
}

function AccountRow({ account }: { account: Account }) {
	const [asking, setAsking] = useState(false);
	const client = useQueryClient();
	const reload = () => client.invalidateQueries({ queryKey: accountsQuery.queryKey });
	const verify = useMutation({ mutationFn: () => verifyAccount(account.id), onSuccess: reload });
	const look = useMutation({ mutationFn: () => lookForStrays(account.id), onSuccess: reload });
	const remove = useMutation({
		mutationFn: () => removeAccount(account.id),
		onSuccess: () => {
			// The account's next link is another one, with a template of its own.
			client.removeQueries(linkedQuery(account.account_id, undefined));
			return reload();
		},
		onSettled: () => setAsking(false),
	});
	const verified = account.status === "verified";
	return (
		<li className="account">
			<div>
				<h2>{account.name}</h2>
				<p className="soft">
					AWS <code>{account.account_id}</code>, {account.region}, linked{" "}
					<time dateTime={account.created_at}>{ago(account.created_at)}</time>
				</p>
			</div>
			<p>{verified ? `Verified ${account.verified_at ? ago(account.verified_at) : ""}` : STATES[account.status]}</p>
			<div className="actions">
				{verified || (
					<Link
						to="/account/link"
						search={{ account: account.account_id, region: account.region }}
						className="button"
						data-kind="quiet"
					>
						Go on linking
					</Link>
				)}
				{verified && (
					<>
						<Button kind="quiet" busy={verify.isPending} onClick={() => verify.mutate()}>
							Verify again
						</Button>
						<Button kind="quiet" busy={look.isPending} onClick={() => look.mutate()}>
							Look for strays
						</Button>
					</>
				)}
				<Button kind="danger" onClick={() => setAsking(true)}>
					Unlink
				</Button>
			</div>
			{account.reason && !verified && <p className="plan-reason">{sentence(account.reason)}</p>}
			<Strays strays={account.strays} />
			<ErrorNotice error={verify.error ?? look.error ?? remove.error} />
			{asking && (
				<Confirm
					title={`Unlink ${account.name}?`}
					action="Unlink"
					busy={remove.isPending}
					onConfirm={() => remove.mutate()}
					onClose={() => setAsking(false)}
				>
					<p>
						Cloudsail then can't reach account {account.account_id} any more. What runs there is left as it is. Delete the stack
						of the roles in that account afterwards.
					</p>
				</Confirm>
			)}
		</li>
	);
}

const STATES: Record<string, string> = { pending: "Its roles are not verified yet", failed: "Its roles did not pass" };

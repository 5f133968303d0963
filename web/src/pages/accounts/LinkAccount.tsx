import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef } from "react";
import { type Account, accountsQuery, type LinkedAccount, linkAccount, linkedQuery, verifyAccount } from "../../accounts/queries";
import { Failed } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { ErrorNotice, Notice, sentence } from "../../ui/Notice";
import { SkeletonRows } from "../../ui/Skeleton";
import { forgetKept, useKeptInput } from "../../ui/useKept";
import { useTitle } from "../../ui/useTitle";
import { RoleTemplate } from "./RoleTemplate";

/** Three steps: which account, its roles, and whether they are as they should be. */
export default function LinkAccount() {
	useTitle("Link an account");
	const client = useQueryClient();
	const navigate = useNavigate();
	const asked = useSearch({ from: "/inside/account/link" });
	// Of an address alone no link is made: it only goes on with one that is under way.
	const accounts = useQuery({ ...accountsQuery, enabled: asked.account !== undefined });
	const known = accounts.data?.find(({ account_id }) => account_id === asked.account);
	const verified = known?.status === "verified" ? known : undefined;
	const goesOn = useQuery(linkedQuery(asked.account ?? "", verified ? undefined : known));
	const template = asked.account === undefined ? undefined : goesOn.data;
	const linked: Account | undefined = template ?? verified;
	const link = useMutation({
		mutationFn: linkAccount,
		onSuccess: (account) => {
			forgetKept(KEPT);
			client.setQueryData(linkedQuery(account.account_id, undefined).queryKey, account);
			void client.invalidateQueries({ queryKey: accountsQuery.queryKey });
			return navigate({
				to: "/account/link",
				search: { account: account.account_id, region: account.region },
				replace: true,
			});
		},
	});
	const looking = !linked && (accounts.isLoading || goesOn.isLoading);

	return (
		<>
			<h1>Link an AWS account</h1>
			<ol className="course">
				<li aria-current={linked ? undefined : "step"}>
					<h2>Which account</h2>
					{linked ? (
						<p>
							AWS <code>{linked.account_id}</code>, plans go to {linked.region}
						</p>
					) : looking ? (
						<SkeletonRows rows={1} label="Your accounts are on their way" />
					) : (
						<WhichAccount link={link} asked={asked} error={accounts.error ?? goesOn.error} />
					)}
				</li>
				<li aria-current={linked ? "step" : undefined}>
					<h2>Make the roles</h2>
					{template ? (
						<RoleTemplate account={template} />
					) : linked ? (
						<p className="soft">They are made.</p>
					) : (
						<p className="soft">
							A template with two roles, one that deploys and one that only looks, which you read before you use it.
						</p>
					)}
				</li>
				<li>
					<h2>Verify</h2>
					{linked ? (
						<Verify account={linked} />
					) : (
						<p className="soft">We take on the roles once, and see that nobody else can.</p>
					)}
				</li>
			</ol>
		</>
	);
}

/** Begins the keys of what is typed here. */
const KEPT = "link:";

interface Which {
	link: ReturnType<typeof useMutation<LinkedAccount, Error, Parameters<typeof linkAccount>[0]>>;
	asked: { account?: string | undefined; region?: string | undefined };
	/** Why it is not known whether the account that was asked for is under way. */
	error: Error | null;
}

function WhichAccount({ link, asked, error }: Which) {
	const key = `${KEPT}${asked.account ?? ""}:`;
	const account = useKeptInput(`${key}account`, asked.account);
	const region = useKeptInput(`${key}region`, asked.region ?? "ca-central-1");
	const name = useKeptInput(`${key}name`);
	const fields = link.error instanceof Failed ? link.error.fields : {};
	const wrong = (name: string) => fields[name] && sentence(fields[name]);

	function send(event: FormEvent<HTMLFormElement>) {
		event.preventDefault();
		link.mutate({
			account_id: account.value.replaceAll(/[\s-]/g, ""),
			region: region.value.trim(),
			name: name.value.trim() || undefined,
		});
	}

	return (
		<form className="stack narrow" onSubmit={send}>
			<Field
				label="Account number"
				name="account_id"
				hint="Twelve digits; the AWS console shows them at the top right."
				inputMode="numeric"
				required
				{...account}
				error={wrong("account_id")}
			/>
			<Field
				label="Region"
				name="region"
				hint="Where its plans go if they don't say."
				required
				list="regions"
				{...region}
				error={wrong("region")}
			/>
			<datalist id="regions">
				{["ca-central-1", "us-east-1", "us-west-2", "eu-central-1", "eu-west-1", "ap-southeast-2"].map((region) => (
					<option key={region} value={region} />
				))}
			</datalist>
			<Field
				label="Name"
				name="name"
				hint="What you call it; its number if you say nothing."
				maxLength={63}
				{...name}
				error={wrong("name")}
			/>
			{Object.keys(fields).length === 0 && <ErrorNotice error={link.error ?? error} />}
			<Button type="submit" busy={link.isPending}>
				Go on
			</Button>
		</form>
	);
}

function Verify({ account }: { account: Account }) {
	const client = useQueryClient();
	const verify = useMutation({
		mutationFn: () => verifyAccount(account.id),
		onSuccess: () => client.invalidateQueries({ queryKey: accountsQuery.queryKey }),
	});
	const done = useRef<HTMLDivElement>(null);
	const verified = (verify.data ?? account).status === "verified";
	useEffect(() => {
		if (verified) done.current?.focus();
	}, [verified]);

	if (verified)
		return (
			<div ref={done} tabIndex={-1}>
				<Notice>
					<p>The roles are as they should be. Plans can be deployed to this account.</p>
				</Notice>
				<p className="actions">
					<Link to="/dashboard" className="button">
						Go to your plans
					</Link>
				</p>
			</div>
		);
	return (
		<>
			<p className="soft">When the stack is complete in AWS, have us look. It takes a few seconds.</p>
			{verify.data?.reason && (
				<div className="notice" data-kind="error" role="alert">
					<p>{sentence(verify.data.reason)}</p>
				</div>
			)}
			<ErrorNotice error={verify.error} />
			<Button busy={verify.isPending} onClick={() => verify.mutate()}>
				Verify the roles
			</Button>
		</>
	);
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { type Account, accountsQuery, type LinkedAccount, linkAccount, verifyAccount } from "../../accounts/queries";
import { Failed } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { ErrorNotice, Notice, sentence } from "../../ui/Notice";
import { useTitle } from "../../ui/useTitle";
import { RoleTemplate } from "./RoleTemplate";

/** Three steps: which account, its role, and whether the role is as it should be. */
export default function LinkAccount() {
	useTitle("Link an account");
	const client = useQueryClient();
	const asked = useSearch({ from: "/inside/account/link" });
	const [linked, setLinked] = useState<LinkedAccount | null>(null);
	const link = useMutation({
		mutationFn: linkAccount,
		onSuccess: (account) => {
			setLinked(account);
			void client.invalidateQueries({ queryKey: accountsQuery.queryKey });
		},
	});

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
					) : (
						<WhichAccount link={link} asked={asked} />
					)}
				</li>
				<li aria-current={linked ? "step" : undefined}>
					<h2>Make the role</h2>
					{linked ? (
						<RoleTemplate account={linked} />
					) : (
						<p className="soft">A template with one role, which you read before you use it.</p>
					)}
				</li>
				<li>
					<h2>Verify</h2>
					{linked ? <Verify account={linked} /> : <p className="soft">We take on the role once, and see that nobody else can.</p>}
				</li>
			</ol>
		</>
	);
}

interface Which {
	link: ReturnType<typeof useMutation<LinkedAccount, Error, Parameters<typeof linkAccount>[0]>>;
	asked: { account?: string | undefined; region?: string | undefined };
}

function WhichAccount({ link, asked }: Which) {
	const fields = link.error instanceof Failed ? link.error.fields : {};
	const wrong = (name: string) => fields[name] && sentence(fields[name]);

	function send(event: FormEvent<HTMLFormElement>) {
		event.preventDefault();
		const values = new FormData(event.currentTarget);
		const text = (name: string) => String(values.get(name) ?? "").trim();
		link.mutate({
			account_id: text("account_id").replaceAll(/[\s-]/g, ""),
			region: text("region"),
			name: text("name") || undefined,
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
				defaultValue={asked.account}
				error={wrong("account_id")}
			/>
			<Field
				label="Region"
				name="region"
				hint="Where its plans go if they don't say."
				required
				list="regions"
				defaultValue={asked.region ?? "ca-central-1"}
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
				error={wrong("name")}
			/>
			{Object.keys(fields).length === 0 && <ErrorNotice error={link.error} />}
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
	const verified = verify.data?.status === "verified";
	useEffect(() => {
		if (verified) done.current?.focus();
	}, [verified]);

	if (verified)
		return (
			<div ref={done} tabIndex={-1}>
				<Notice>
					<p>The role is as it should be. Plans can be deployed to this account.</p>
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
				Verify the role
			</Button>
		</>
	);
}

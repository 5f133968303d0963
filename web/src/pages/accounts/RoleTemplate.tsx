import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { granted, type LinkedAccount, quickCreateQuery } from "../../accounts/queries";
import { CopyButton } from "../../ui/CopyButton";
import { ErrorNotice, sentence } from "../../ui/Notice";

/** What makes the roles: by the AWS console, or by one command; and what the roles may do. */
export function RoleTemplate({ account }: { account: LinkedAccount }) {
	const text = useMemo(() => JSON.stringify(account.template, null, 2), [account.template]);
	const address = useDownload(text);
	const stack = `cloudsail-${account.id.slice(-8)}`;
	const file = `${stack}.json`;
	const command = [
		`aws cloudformation create-stack --region ${account.region} --stack-name ${stack} \\`,
		`  --template-body file://${file} --capabilities CAPABILITY_NAMED_IAM`,
	].join("\n");
	const quick = useQuery(quickCreateQuery(account.id));
	return (
		<>
			<p>
				<a className="button" href={quick.data?.url} aria-disabled={!quick.data} target="_blank" rel="noreferrer">
					Make the roles in the AWS console
				</a>
			</p>
			<p>
				All is filled in there: sign in to the account, confirm that named roles are made, and press "Create stack". Then come
				back here.
			</p>
			<ErrorNotice error={quick.error} />
			<p>
				Or{" "}
				<a href={address} download={file}>
					download the template
				</a>
				, and run in its folder:
			</p>
			<div className="command">
				<pre>
					<code>{command}</code>
				</pre>
				<CopyButton text={command} what="the command" />
			</div>
			<p className="soft">
				The roles trust Cloudsail with the external id <code>{account.external_id}</code> alone. Delete the stack to end the
				access.
			</p>
			<details>
				<summary>What the roles may do, and what for</summary>
				{granted(account.template).map(({ name, description, grants }) => (
					<section key={name} className="granted" aria-label={name}>
						<h3>
							<code>{name}</code>
						</h3>
						<p className="soft">{sentence(description)}</p>
						<dl className="grants">
							{grants.map(({ what, why, actions }) => (
								<div key={what}>
									<dt>{what}</dt>
									{why && <dd>{why}</dd>}
									<dd>
										<code>{actions.join(", ")}</code>
									</dd>
								</div>
							))}
						</dl>
					</section>
				))}
			</details>
		</>
	);
}

/** An address in this page's memory that the browser saves from. */
function useDownload(text: string): string | undefined {
	const [address, setAddress] = useState<string>();
	useEffect(() => {
		const made = URL.createObjectURL(new Blob([text], { type: "application/json" }));
		setAddress(made);
		return () => URL.revokeObjectURL(made);
	}, [text]);
	return address;
}

import { useEffect, useMemo, useState } from "react";
import { grants, type LinkedAccount } from "../../accounts/queries";
import { CopyButton } from "../../ui/CopyButton";

/** What makes the role: by the AWS console, or by one command; and what the role may do. */
export function RoleTemplate({ account }: { account: LinkedAccount }) {
	const text = useMemo(() => JSON.stringify(account.template, null, 2), [account.template]);
	const address = useDownload(text);
	const stack = `cloudsail-${account.id.slice(-8)}`;
	const file = `${stack}.json`;
	const command = [
		`aws cloudformation create-stack --region ${account.region} --stack-name ${stack} \\`,
		`  --template-body file://${file} --capabilities CAPABILITY_NAMED_IAM`,
	].join("\n");
	const consoleAddress = `https://${account.region}.console.aws.amazon.com/cloudformation/home?region=${account.region}#/stacks/create`;
	return (
		<>
			<p>
				<a className="button" data-kind="quiet" href={address} download={file}>
					Download the template
				</a>
			</p>
			<p>
				Then open{" "}
				<a href={consoleAddress} target="_blank" rel="noreferrer">
					CloudFormation in the AWS console
				</a>
				, choose "Upload a template file", name the stack <code>{stack}</code> and confirm that it makes a named role. Or run, in
				the folder that you downloaded it to:
			</p>
			<div className="command">
				<pre>
					<code>{command}</code>
				</pre>
				<CopyButton text={command} what="the command" />
			</div>
			<p className="soft">
				The role trusts Cloudsail with the external id <code>{account.external_id}</code> alone. Delete the stack to end the
				access.
			</p>
			<details>
				<summary>What the role may do, and what for</summary>
				<dl className="grants">
					{grants(account.template).map(({ what, actions }) => (
						<div key={what}>
							<dt>{what}</dt>
							<dd>
								<code>{actions.join(", ")}</code>
							</dd>
						</div>
					))}
				</dl>
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

import * as Tabs from "@radix-ui/react-tabs";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { auditQuery } from "../../audit/queries";
import { type Connection, connectionQuery, revealPassword } from "../../deployments/queries";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { ErrorNotice } from "../../ui/Notice";
import { SkeletonRows } from "../../ui/Skeleton";
import { SNIPPETS } from "./snippets";

export function ConnectionDetails({ id }: { id: string }) {
	const connection = useQuery(connectionQuery(id));
	const heading = useId();
	return (
		<section aria-labelledby={heading}>
			<h2 id={heading}>How to connect</h2>
			<ErrorNotice error={connection.error} />
			{connection.isPending && <SkeletonRows rows={3} label="Connection details are on their way" />}
			{connection.data && <Details id={id} connection={connection.data} />}
		</section>
	);
}

function Details({ id, connection }: { id: string; connection: Connection }) {
	return (
		<>
			<Password id={id} arn={connection.password_secret_arn} />
			<p>
				Save the certificate as <code>ca.pem</code>: with it a client sees that it talks to this server and no other.{" "}
				<CopyButton text={connection.ca_certificate} what="the certificate" />
			</p>
			<Tabs.Root defaultValue="psql">
				<Tabs.List className="tabs" aria-label="Clients">
					{Object.keys(SNIPPETS).map((client) => (
						<Tabs.Trigger key={client} value={client}>
							{client}
						</Tabs.Trigger>
					))}
				</Tabs.List>
				{Object.entries(SNIPPETS).map(([client, snippet]) => (
					<Tabs.Content key={client} value={client}>
						<div className="command">
							<pre>
								<code>{snippet(connection)}</code>
							</pre>
							<CopyButton text={snippet(connection)} what={`the text for ${client}`} />
						</div>
					</Tabs.Content>
				))}
			</Tabs.Root>
		</>
	);
}

/** Shown only when asked for, which is logged, and forgotten when the page is left. */
function Password({ id, arn }: { id: string; arn: string }) {
	const client = useQueryClient();
	const reveal = useMutation({
		mutationFn: () => revealPassword(id),
		onSuccess: () => void client.invalidateQueries({ queryKey: auditQuery(id).queryKey }),
		gcTime: 0,
	});
	return (
		<div>
			{reveal.data ? (
				<p>
					Password of <code>{reveal.data.user}</code>: <code>{reveal.data.password}</code>{" "}
					<CopyButton text={reveal.data.password} what="the password" />
					<Button kind="quiet" onClick={() => reveal.reset()}>
						Hide
					</Button>
				</p>
			) : (
				<Button kind="quiet" busy={reveal.isPending} onClick={() => reveal.mutate()}>
					Reveal the password
				</Button>
			)}
			<p className="hint">
				It is in your own Secrets Manager, as <code>{arn}</code>. Who reveals it here, and when, is noted in the audit log.
			</p>
			<ErrorNotice error={reveal.error} />
		</div>
	);
}

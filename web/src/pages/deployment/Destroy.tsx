import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deploymentQuery, destroyDeployment } from "../../deployments/queries";
import { plansQuery } from "../../plans/queries";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";

/** Destroys a deployment, once its name was typed. */
export function Destroy({ id, name }: { id: string; name: string }) {
	const [asking, setAsking] = useState(false);
	const [typed, setTyped] = useState("");
	const client = useQueryClient();
	const destroy = useMutation({
		mutationFn: () => destroyDeployment(id),
		onSuccess: () => {
			setAsking(false);
			void client.invalidateQueries({ queryKey: plansQuery.queryKey });
			return client.invalidateQueries({ queryKey: deploymentQuery(id).queryKey });
		},
	});
	return (
		<>
			<Button kind="danger" onClick={() => setAsking(true)}>
				Destroy
			</Button>
			{asking && (
				<Confirm
					title={`Destroy ${name}?`}
					action="Destroy it"
					busy={destroy.isPending}
					disabledReason={typed !== name && "Type its name first"}
					onConfirm={() => destroy.mutate()}
					onClose={() => {
						setAsking(false);
						setTyped("");
						destroy.reset();
					}}
				>
					<p>
						The machine, its address, its firewall and its password go, and clients lose their connections. The data volume and
						the last backup are kept for a while; this page then says until when.
					</p>
					<Field
						label={`Type ${name} to go on`}
						value={typed}
						onChange={({ target }) => setTyped(target.value)}
						autoComplete="off"
					/>
					<ErrorNotice error={destroy.error} />
				</Confirm>
			)}
		</>
	);
}

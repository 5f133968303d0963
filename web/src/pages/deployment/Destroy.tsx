import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deploymentQuery, destroyDeployment } from "../../deployments/queries";
import { plansQuery } from "../../plans/queries";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";

/** Destroys a deployment, once its name was typed. `stopped`: it is only stopped by now, and can be destroyed for good. */
export function Destroy({ id, name, stopped }: { id: string; name: string; stopped: boolean }) {
	const [asking, setAsking] = useState(false);
	const [typed, setTyped] = useState("");
	const [now, setNow] = useState(stopped);
	const client = useQueryClient();
	const destroy = useMutation({
		mutationFn: () => destroyDeployment(id, now || stopped),
		onSuccess: () => {
			setAsking(false);
			void client.invalidateQueries({ queryKey: plansQuery.queryKey });
			return client.invalidateQueries({ queryKey: deploymentQuery(id).queryKey });
		},
	});
	return (
		<>
			<Button kind="danger" onClick={() => setAsking(true)}>
				{stopped ? "Destroy it now" : "Destroy"}
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
						Clients lose their connections.{" "}
						{!stopped &&
							"A database that ran is only stopped for a day, in which you can undo this and its disk goes on costing. "}
						Then the machine, its address, its firewall and its password go. The data volume is kept for a while; this page then
						says until when.
					</p>
					{!stopped && (
						<label className="choice">
							<input type="checkbox" checked={now} onChange={({ target }) => setNow(target.checked)} /> Now, so that it can't be
							undone
						</label>
					)}
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

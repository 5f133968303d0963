import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deploymentQuery, undoDestroy } from "../../deployments/queries";
import { plansQuery } from "../../plans/queries";
import { Button } from "../../ui/Button";
import { ErrorNotice, Notice } from "../../ui/Notice";

/** A destroy that can still be undone: until when, what it costs, and the way back. */
export function Undo({ id, until }: { id: string; until: Date }) {
	const client = useQueryClient();
	const undo = useMutation({
		mutationFn: () => undoDestroy(id),
		onSettled: () => {
			void client.invalidateQueries({ queryKey: plansQuery.queryKey });
			return client.invalidateQueries({ queryKey: deploymentQuery(id).queryKey });
		},
	});
	return (
		<Notice>
			<p>
				The machine is stopped, and its disk goes on costing. Until{" "}
				<time dateTime={until.toISOString()}>{until.toLocaleString("en", { dateStyle: "medium", timeStyle: "short" })}</time> you
				can undo this; then everything is destroyed.
			</p>
			<Button busy={undo.isPending} onClick={() => undo.mutate()}>
				Undo
			</Button>
			<ErrorNotice error={undo.error} />
		</Notice>
	);
}

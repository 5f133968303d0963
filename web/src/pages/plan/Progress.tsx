import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { cancelDeployment, deploymentQuery } from "../../plans/queries";
import { Button } from "../../ui/Button";
import { ErrorNotice, sentence } from "../../ui/Notice";
import { Status } from "../../ui/Status";

interface Step {
	name: string;
	title: string;
	state: string;
}

/** The steps of a deployment in their order, and what went wrong with it. */
export function Progress({ id }: { id: string }) {
	const client = useQueryClient();
	const query = deploymentQuery(id);
	const { data, error } = useQuery(query);
	const cancel = useMutation({
		mutationFn: () => cancelDeployment(id),
		onSettled: () => client.invalidateQueries({ queryKey: query.queryKey }),
	});
	if (!data) return <ErrorNotice error={error} />;
	return (
		<section aria-labelledby="progress">
			<h2 id="progress">Deployment</h2>
			<p aria-live="polite">
				<Status status={data.status} />
			</p>
			{data.reason && <p className="wrong">{sentence(data.reason)}</p>}
			<ol className="progress">
				{(data.steps as unknown as Step[]).map(({ name, title, state }) => (
					<li key={name} data-state={state}>
						{title} <span className="soft">({state.replaceAll("_", " ")})</span>
					</li>
				))}
			</ol>
			{data.status === "deploying" && (
				<Button kind="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
					Cancel
				</Button>
			)}
			<ErrorNotice error={cancel.error} />
		</section>
	);
}

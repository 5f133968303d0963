import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "../ui/Button";
import { ErrorNotice, sentence } from "../ui/Notice";
import { Status } from "../ui/Status";
import { cancelDeployment, deploymentQuery } from "./queries";

interface Step {
	name: string;
	title: string;
	state: string;
}

/** Where the plan's deployment is, with a way to all there is to know of it. */
export function PlanProgress({ id }: { id: string }) {
	return (
		<section aria-labelledby="progress">
			<h2 id="progress">Deployment</h2>
			<Progress id={id} />
			<p>
				<Link to="/deployment/$deploymentId" params={{ deploymentId: id }}>
					Connection, configuration and events
				</Link>
			</p>
		</section>
	);
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
		<div className="stack">
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
		</div>
	);
}

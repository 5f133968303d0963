import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { isBusy } from "../plans/queries";
import { Button } from "../ui/Button";
import { ErrorNotice, sentence } from "../ui/Notice";
import { QueryError } from "../ui/QueryError";
import { SkeletonRows } from "../ui/Skeleton";
import { Status } from "../ui/Status";
import { cancelDeployment, type Deployment, deploymentQuery, lookAnew } from "./queries";
import { beganAt, Elapsed, Steps } from "./Steps";
import { useDeploy } from "./useDeploy";

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

/** What can be taken back: a first deploy, and a change of what runs. */
const CANCELLABLE = new Set(["deploying", "changing"]);

/** The steps of a deployment in their order, and what went wrong with it. `retry`: with a way to try again, where the page has no other. */
export function Progress({ id, retry = false }: { id: string; retry?: boolean }) {
	const query = useQuery(deploymentQuery(id));
	const { data, error } = query;
	if (!data) return error ? <QueryError query={query} /> : <SkeletonRows rows={3} label="The steps are on their way" />;
	const began = isBusy(data.status) ? beganAt(data.steps) : null;
	return (
		<div className="stack">
			<QueryError query={query} />
			<p aria-live="polite">
				<Status status={data.status} />
			</p>
			{began && (
				<p className="hint">
					Under way for <Elapsed since={began} />
				</p>
			)}
			{data.reason && <p className="wrong">{sentence(data.reason)}</p>}
			{data.status === "issue" && <WaysOn deployment={data} retry={retry} />}
			<Steps steps={data.steps} />
			{CANCELLABLE.has(data.status) && <Cancel deployment={data} />}
		</div>
	);
}

/** What can be done at an issue; a change that is stuck can be taken back. */
function WaysOn({ deployment, retry }: { deployment: Deployment; retry: boolean }) {
	const stuck = deployment.target_version != null;
	return (
		(retry || stuck) && (
			<div className="actions">
				{retry && <TryAgain planId={deployment.plan_id} />}
				{stuck && (
					<div>
						<Cancel deployment={deployment} label="Cancel the change" />
						<p className="hint">Goes back to what ran before.</p>
					</div>
				)}
			</div>
		)
	);
}

function TryAgain({ planId }: { planId: string }) {
	const deploy = useDeploy(planId);
	return (
		<div>
			<Button busy={deploy.isPending} onClick={() => deploy.mutate()}>
				Try again
			</Button>
			<p className="hint">Deploys the plan as it was saved last.</p>
			<ErrorNotice error={deploy.error} />
		</div>
	);
}

function Cancel({ deployment, label = "Cancel" }: { deployment: Deployment; label?: string }) {
	const client = useQueryClient();
	const cancel = useMutation({
		mutationFn: () => cancelDeployment(deployment.id),
		onSettled: () => lookAnew(client, deployment),
	});
	return (
		<>
			<Button kind="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
				{label}
			</Button>
			<ErrorNotice error={cancel.error} />
		</>
	);
}

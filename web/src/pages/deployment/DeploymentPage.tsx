import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { AuditList } from "../../audit/AuditList";
import { Progress } from "../../deployments/Progress";
import { type Deployment, deploymentQuery, eventsQuery, undoableUntil } from "../../deployments/queries";
import { planQuery } from "../../plans/queries";
import { ErrorNotice, sentence } from "../../ui/Notice";
import { QueryError } from "../../ui/QueryError";
import { SettingList } from "../../ui/SettingList";
import { SkeletonRows } from "../../ui/Skeleton";
import { ago, moment } from "../../ui/time";
import { useTitle } from "../../ui/useTitle";
import { ConnectionDetails } from "./ConnectionDetails";
import { Destroy } from "./Destroy";
import { Undo } from "./Undo";

export default function DeploymentPage() {
	const { deploymentId } = useParams({ from: "/inside/deployment/$deploymentId" });
	const deployment = useQuery(deploymentQuery(deploymentId));
	const plan = useQuery({ ...planQuery(deployment.data?.plan_id ?? ""), enabled: Boolean(deployment.data) });
	const name = plan.data?.name ?? deployment.data?.plan_id ?? "Deployment";
	useTitle(name);
	// Its name is what a destroy asks for: it does not change while somebody types.
	if (!deployment.data || plan.isPending)
		return (
			<>
				<h1>Deployment</h1>
				{deployment.error ? (
					<ErrorNotice error={deployment.error} />
				) : (
					<SkeletonRows rows={5} label="The deployment is on its way" />
				)}
			</>
		);
	return <Shown deployment={deployment.data} name={name} />;
}

/** While there is a server that may answer. */
const CONNECTABLE = new Set(["running", "issue", "changing"]);

function Shown({ deployment, name }: { deployment: Deployment; name: string }) {
	const gone = deployment.status === "not_deployed" || deployment.status === "destroying";
	const until = undoableUntil(deployment);
	return (
		<>
			<div className="page-head">
				<div>
					<h1>{name}</h1>
					<p className="soft">
						Version {deployment.plan_version} of <PlanLink deployment={deployment} />
						{deployment.last_ok_at && <>, last query answered {ago(deployment.last_ok_at)}</>}
					</p>
				</div>
				<div className="actions">
					{!gone && (
						<Link to="/plan/$planId" params={{ planId: deployment.plan_id }} className="button" data-kind="quiet">
							Resize or change
						</Link>
					)}
					{(!gone || until) && <Destroy key={String(until)} id={deployment.id} name={name} stopped={until !== null} />}
				</div>
			</div>
			{until && <Undo id={deployment.id} until={until} />}
			<div className="sections">
				<section aria-labelledby="state">
					<h2 id="state">What it is doing</h2>
					<Progress id={deployment.id} retry />
				</section>
				{CONNECTABLE.has(deployment.status) && <ConnectionDetails id={deployment.id} />}
				<Retained deployment={deployment} />
				<Configuration deployment={deployment} />
				<Backups />
				<Events deployment={deployment} />
				<section aria-labelledby="audit">
					<h2 id="audit">What you did to it</h2>
					<AuditList key={deployment.status} label="What you did to it" subject={deployment.id} />
				</section>
			</div>
		</>
	);
}

const PlanLink = ({ deployment }: { deployment: Deployment }) => (
	<Link to="/plan/$planId" params={{ planId: deployment.plan_id }}>
		its plan
	</Link>
);

function Configuration({ deployment }: { deployment: Deployment }) {
	if (deployment.configuration.length === 0) return null;
	return (
		<section aria-labelledby="configuration">
			<h2 id="configuration">Configuration, with reasons</h2>
			<SettingList settings={deployment.configuration} />
			<p className="soft">
				To change one, or the size of the machine, change <PlanLink deployment={deployment} /> and deploy it again.
			</p>
		</section>
	);
}

/** What a destroy kept on purpose, and until when. */
function Retained({ deployment }: { deployment: Deployment }) {
	if (deployment.retained.length === 0) return null;
	return (
		<section aria-labelledby="retained">
			<h2 id="retained">Kept on purpose</h2>
			<ul className="told">
				{deployment.retained.map(({ kind, id, until }) => (
					<li key={id}>
						{kind.replaceAll("_", " ")} <code>{id}</code>, until{" "}
						{new Date(until).toLocaleDateString("en", { dateStyle: "long", timeZone: "UTC" })}
					</li>
				))}
			</ul>
		</section>
	);
}

/** The place of backups, restores and charts. */
function Backups() {
	return (
		<section aria-labelledby="backups">
			<h2 id="backups">Backups, restore and charts</h2>
			<p>
				What the plan says of backups is checked and kept, and not carried out yet. Until it is, take your own:{" "}
				<code>pg_dump</code> connects with the same words as <code>psql</code>.
			</p>
			<p>Charts of what the database does are not made yet. Until they are, look at its machine in your account's CloudWatch.</p>
		</section>
	);
}

function Events({ deployment }: { deployment: Deployment }) {
	const events = useQuery({ ...eventsQuery(deployment), placeholderData: (before) => before });
	return (
		<section aria-labelledby="events">
			<h2 id="events">Events</h2>
			<QueryError query={events} />
			{events.isPending && <SkeletonRows rows={4} label="Events are on their way" />}
			<ol className="told">
				{[...(events.data ?? [])].reverse().map(({ id, at, kind, message }) => (
					<li key={id} className={kind === "issue" ? "wrong" : undefined}>
						<time className="soft" dateTime={at}>
							{moment(at)}
						</time>{" "}
						{sentence(message)}
					</li>
				))}
			</ol>
		</section>
	);
}

import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type AuditLine, auditQuery, meQuery, signOutEverywhere } from "../../profile/queries";
import { Button } from "../../ui/Button";
import { ErrorNotice, sentence } from "../../ui/Notice";
import { SkeletonRows } from "../../ui/Skeleton";
import { useTitle } from "../../ui/useTitle";
import { DeleteMe } from "./DeleteMe";

export default function Profile() {
	useTitle("Profile");
	const me = useQuery(meQuery);
	return (
		<>
			<div className="page-head">
				<h1>Profile</h1>
			</div>
			<div className="sections">
				<section aria-labelledby="you">
					<h2 id="you">You</h2>
					<ErrorNotice error={me.error} />
					{me.isPending && <SkeletonRows rows={1} label="Your address is on its way" />}
					{me.data && (
						<p>
							You are signed in as <strong>{me.data.email}</strong>. To choose another password,{" "}
							<Link to="/forgot">have a code sent</Link>.
						</p>
					)}
				</section>
				<Sessions since={me.data?.signed_in_at} />
				<Audit />
				{me.data && <DeleteMe email={me.data.email} />}
			</div>
		</>
	);
}

function Sessions({ since }: { since: string | null | undefined }) {
	const everywhere = useMutation({ mutationFn: signOutEverywhere });
	return (
		<section aria-labelledby="sessions">
			<h2 id="sessions">Sessions</h2>
			<p>
				{since && (
					<>
						This session began on <time dateTime={since}>{moment(since)}</time>.{" "}
					</>
				)}
				Others are not listed here. If you may have left one open somewhere, sign out everywhere, this browser included: no
				session is renewed after that, and what is open elsewhere ends within 5 minutes.
			</p>
			<ErrorNotice error={everywhere.error} />
			<div>
				<Button kind="quiet" busy={everywhere.isPending} onClick={() => everywhere.mutate()}>
					Sign out everywhere
				</Button>
			</div>
		</section>
	);
}

const moment = (at: string) => new Date(at).toLocaleString("en", { dateStyle: "medium", timeStyle: "medium" });

function Audit() {
	const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(auditQuery);
	const lines = data?.pages.flatMap(({ items }) => items) ?? [];
	return (
		<section aria-labelledby="audit">
			<h2 id="audit">What you did</h2>
			<p className="soft">Each change, and each password that was revealed. If one was not yours, choose another password.</p>
			<ErrorNotice error={error} />
			{isPending && <SkeletonRows rows={4} label="What you did is on its way" />}
			{data && lines.length === 0 && <p>Nothing yet.</p>}
			<ol className="told" aria-label="What you did">
				{lines.map((line) => (
					<Line key={`${line.request_id} ${line.action} ${line.subject}`} line={line} />
				))}
			</ol>
			{hasNextPage && (
				<div>
					<Button kind="quiet" busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
						Show what came before
					</Button>
				</div>
			)}
		</section>
	);
}

function Line({ line: { at, action, subject, address, request_id } }: { line: AuditLine }) {
	return (
		<li>
			<time className="soft" dateTime={at}>
				{moment(at)}
			</time>{" "}
			{sentence(action.replaceAll("-", " "))} <Subject id={subject} />
			<span className="hint">
				{address && <> From {address}.</>} Request <code>{request_id}</code>
			</span>
		</li>
	);
}

/** Leads to what it was done to, where it has a page. What is gone says so there. */
function Subject({ id }: { id: string }) {
	if (id.startsWith("plan_"))
		return (
			<Link to="/plan/$planId" params={{ planId: id }}>
				{id}
			</Link>
		);
	if (id.startsWith("dep_"))
		return (
			<Link to="/deployment/$deploymentId" params={{ deploymentId: id }}>
				{id}
			</Link>
		);
	return <code>{id}</code>;
}

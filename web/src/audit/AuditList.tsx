import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "../ui/Button";
import { ErrorNotice, sentence } from "../ui/Notice";
import { SkeletonRows } from "../ui/Skeleton";
import { moment } from "../ui/time";
import { type AuditLine, auditQuery } from "./queries";

/** Who did what and when, newest first; of one thing alone where `subject` names it. */
export function AuditList({ label, subject }: { label: string; subject?: string }) {
	const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(auditQuery(subject));
	const lines = data?.pages.flatMap(({ items }) => items) ?? [];
	return (
		<>
			<ErrorNotice error={error} />
			{isPending && <SkeletonRows rows={4} label={`${label} is on its way`} />}
			{data && lines.length === 0 && <p>Nothing yet.</p>}
			<ol className="told" aria-label={label}>
				{lines.map((line) => (
					<Line key={`${line.request_id} ${line.action} ${line.subject}`} line={line} linked={!subject} />
				))}
			</ol>
			{hasNextPage && (
				<div>
					<Button kind="quiet" busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
						Show what came before
					</Button>
				</div>
			)}
		</>
	);
}

function Line({ line: { at, action, subject, address, request_id }, linked }: { line: AuditLine; linked: boolean }) {
	return (
		<li>
			<time className="soft" dateTime={at}>
				{moment(at)}
			</time>{" "}
			{sentence(action.replaceAll("-", " "))} {linked && <Subject id={subject} />}
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

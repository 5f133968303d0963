import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AuditList } from "../../audit/AuditList";
import { meQuery, signOutEverywhere } from "../../profile/queries";
import { Button } from "../../ui/Button";
import { ErrorNotice } from "../../ui/Notice";
import { SkeletonRows } from "../../ui/Skeleton";
import { moment } from "../../ui/time";
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
				<section aria-labelledby="audit">
					<h2 id="audit">What you did</h2>
					<p className="soft">Each change, and each password that was revealed. If one was not yours, choose another password.</p>
					<AuditList label="What you did" />
				</section>
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

import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Failed } from "../../api/problem";
import { deleteMe } from "../../profile/queries";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";

/** Deletes the person, once their address was typed. */
export function DeleteMe({ email }: { email: string }) {
	const [asking, setAsking] = useState(false);
	const [typed, setTyped] = useState("");
	const remove = useMutation({ mutationFn: deleteMe });
	const live = remove.error instanceof Failed && remove.error.code === "in_use" && remove.error.message.match(/dep_\w+/)?.[0];
	return (
		<section aria-labelledby="delete-me">
			<h2 id="delete-me">Delete your account</h2>
			<p>
				Your plans are deleted, your cloud accounts unlinked, and you can't sign in any more. What is deployed has to be destroyed
				first. The roles in your cloud accounts, and what destroyed databases kept there, are yours to delete.
			</p>
			<div>
				<Button kind="danger" onClick={() => setAsking(true)}>
					Delete your account
				</Button>
			</div>
			{asking && (
				<Confirm
					title="Delete your account?"
					action="Delete it"
					busy={remove.isPending}
					disabledReason={typed.trim().toLowerCase() !== email.toLowerCase() && "Type your address first"}
					onConfirm={() => remove.mutate()}
					onClose={() => {
						setAsking(false);
						setTyped("");
						remove.reset();
					}}
				>
					<p>This can't be undone.</p>
					<Field
						label={`Type ${email} to go on`}
						value={typed}
						onChange={({ target }) => setTyped(target.value)}
						autoComplete="off"
					/>
					<ErrorNotice error={remove.error}>
						{live && (
							<p>
								<Link to="/deployment/$deploymentId" params={{ deploymentId: live }}>
									Go to the deployment
								</Link>
							</p>
						)}
					</ErrorNotice>
				</Confirm>
			)}
		</section>
	);
}

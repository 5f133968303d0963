import { Link, useNavigate } from "@tanstack/react-router";
import { ask, open } from "../../api/client";
import { AuthPage, CODE, useEmail } from "./AuthPage";
import { Resend } from "./Resend";

export default function Confirm() {
	const navigate = useNavigate();
	const email = useEmail();

	async function confirm({ email = "", code = "" }: Record<string, string>) {
		await ask(open.POST("/v1/auth/confirm", { body: { email, code } }));
		return navigate({ to: "/sign-in", search: { after: "confirmed" } });
	}

	return (
		<AuthPage
			title="Confirm your address"
			intro={<p>We sent you a code by mail. If it does not come, look among unwanted mails.</p>}
			inputs={[email, CODE]}
			action="Confirm"
			onSubmit={confirm}
		>
			<Resend />
			<p className="links">
				<Link to="/sign-in">Back to sign in</Link>
			</p>
		</AuthPage>
	);
}

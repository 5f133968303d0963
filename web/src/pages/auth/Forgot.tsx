import { Link, useNavigate } from "@tanstack/react-router";
import { ask, open } from "../../api/client";
import { AuthPage, useEmail } from "./AuthPage";

export default function Forgot() {
	const navigate = useNavigate();
	const email = useEmail();

	async function forgot({ email = "" }: Record<string, string>) {
		await ask(open.POST("/v1/auth/forgot", { body: { email } }));
		return navigate({ to: "/reset" });
	}

	return (
		<AuthPage
			title="Forgot your password"
			intro={<p>We send a code to your address, by which you choose a new password.</p>}
			inputs={[email]}
			action="Send the code"
			onSubmit={forgot}
		>
			<p className="links">
				<Link to="/sign-in">Back to sign in</Link>
				<Link to="/reset">Have a code?</Link>
			</p>
		</AuthPage>
	);
}

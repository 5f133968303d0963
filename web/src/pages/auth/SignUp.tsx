import { Link, useNavigate } from "@tanstack/react-router";
import { ask, open } from "../../api/client";
import { AuthPage, NEW_PASSWORD, useEmail } from "./AuthPage";
import { GoogleButton } from "./GoogleButton";

export default function SignUp() {
	const navigate = useNavigate();
	const email = useEmail();

	async function signUp({ email = "", password = "" }: Record<string, string>) {
		await ask(open.POST("/v1/auth/sign-up", { body: { email, password } }));
		return navigate({ to: "/confirm" });
	}

	return (
		<AuthPage
			title="Sign up"
			intro={<p>Nothing is made in any cloud until you press Deploy.</p>}
			inputs={[email, NEW_PASSWORD]}
			action="Sign up"
			onSubmit={signUp}
		>
			<GoogleButton to="/dashboard" />
			<p className="links">
				<Link to="/sign-in">Signed up already? Sign in</Link>
				<Link to="/confirm">Have a code?</Link>
			</p>
		</AuthPage>
	);
}

import { Link, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { ask, open, session } from "../../api/client";
import { Failed } from "../../api/problem";
import { Notice } from "../../ui/Notice";
import { AuthPage, PASSWORD, useEmail } from "./AuthPage";
import { GoogleButton } from "./GoogleButton";
import { said } from "./said";

export default function SignIn() {
	const navigate = useNavigate();
	const email = useEmail();
	const { history } = useRouter();
	const { to, after } = useSearch({ from: "/entry/sign-in" });

	// Who is signed in already, in another tab or since the last visit, has nothing to type.
	useEffect(() => {
		if (after && after !== "ended" && after !== "another") return;
		session.resume().then(
			(goesOn) => goesOn && history.replace(to ?? "/dashboard"),
			() => undefined,
		);
	}, [after, history, to]);

	async function signIn({ email = "", password = "" }: Record<string, string>) {
		try {
			await session.begin(() => ask(open.POST("/v1/auth/sign-in", { body: { email, password, cookie: true } })));
		} catch (error) {
			if (error instanceof Failed && error.code === "not_confirmed") return navigate({ to: "/confirm" });
			throw error;
		}
		history.push(to ?? "/dashboard");
	}

	return (
		<AuthPage
			title="Sign in"
			intro={after && <Notice>{said(after)}</Notice>}
			inputs={[email, PASSWORD]}
			action="Sign in"
			onSubmit={signIn}
		>
			<GoogleButton to={to ?? "/dashboard"} />
			<p className="links">
				<Link to="/forgot">Forgot your password?</Link>
				<Link to="/sign-up">New here? Sign up</Link>
			</p>
		</AuthPage>
	);
}

import { Link, useNavigate } from "@tanstack/react-router";
import { ask, open } from "../../api/client";
import { AuthPage, CODE, NEW_PASSWORD, useEmail } from "./AuthPage";

export default function Reset() {
	const navigate = useNavigate();
	const email = useEmail();

	async function reset({ email = "", code = "", password = "" }: Record<string, string>) {
		await ask(open.POST("/v1/auth/reset", { body: { email, code, password } }));
		return navigate({ to: "/sign-in", search: { after: "reset" } });
	}

	return (
		<AuthPage
			title="Choose a new password"
			intro={<p>If that address is known, a code is on its way to it.</p>}
			inputs={[email, CODE, { ...NEW_PASSWORD, label: "New password" }]}
			action="Change the password"
			onSubmit={reset}
		>
			<p className="links">
				<Link to="/forgot">Send another code</Link>
			</p>
		</AuthPage>
	);
}

import { useQuery } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { ErrorNotice } from "../../ui/Notice";
import { useTitle } from "../../ui/useTitle";
import { finish } from "./google";

/** Where Cognito's page sends people back to. */
export default function GoogleReturn() {
	const { history } = useRouter();
	const back = useSearch({ from: "/entry/sign-in/google" });
	// A code is good once, so this is asked once, whatever the page does meanwhile.
	const { data, error } = useQuery({
		queryKey: ["google", back.state],
		queryFn: () => finish(back),
		retry: false,
		staleTime: Number.POSITIVE_INFINITY,
	});
	useTitle("Sign in");
	useEffect(() => {
		if (data) history.replace(data);
	}, [data, history]);

	return (
		<section className="card" aria-labelledby="title">
			<h1 id="title">{error ? "You are not signed in" : "Signing in…"}</h1>
			<ErrorNotice error={error} />
			{error && (
				<p className="links">
					<Link to="/sign-in">Back to sign in</Link>
				</p>
			)}
		</section>
	);
}

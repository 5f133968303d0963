import { ask, open, session } from "../../api/client";
import { Failed } from "../../api/problem";

// Sign-in by Google goes through Cognito's page: the browser leaves for it with a challenge, and comes back with a code that is
// worth something only with what the challenge was made of (RFC 7636). The API trades it, so that no script sees a refresh token.

/** Cognito's page, and our client there. */
export interface Google {
	authorize: string;
	client_id: string;
}

/** What a sign-in that is under way has to remember until the person is back, in this tab alone. */
interface Begun {
	state: string;
	verifier: string;
	to: string;
}

const KEY = "google";
const SCOPES = "openid email profile aws.cognito.signin.user.admin"; // the last is what our own routes ask for

/** Null where people can't sign in by Google; the site says so in a file of its own. */
export async function google(): Promise<Google | null> {
	try {
		const said: { google?: Google | null } = await (await fetch("/sign-in.json")).json();
		return said.google ?? null;
	} catch {
		return null; // Without an answer there is the password.
	}
}

const text = (bytes: Uint8Array) =>
	btoa(String.fromCharCode(...bytes))
		.replaceAll("+", "-")
		.replaceAll("/", "_")
		.replaceAll("=", "");
const random = () => text(crypto.getRandomValues(new Uint8Array(32)));
const address = () => `${location.origin}/sign-in/google`;

/** Where the browser goes, and what is kept for its return. */
export async function begin({ authorize, client_id }: Google, to: string): Promise<string> {
	const begun: Begun = { state: `google.${random()}`, verifier: random(), to };
	sessionStorage.setItem(KEY, JSON.stringify(begun));
	const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(begun.verifier));
	const query = new URLSearchParams({
		identity_provider: "Google",
		response_type: "code",
		client_id,
		redirect_uri: address(),
		scope: SCOPES,
		state: begun.state,
		code_challenge: text(new Uint8Array(hash)),
		code_challenge_method: "S256",
	});
	return `${authorize}?${query}`;
}

/** What the person came back with. */
export interface Return {
	code?: string | undefined;
	state?: string | undefined;
	error?: string | undefined;
}

const refused = (message: string) => new Failed(message, 0, "google", null);

/** Signs in, and answers where the person was going. */
export async function finish({ code, state, error }: Return): Promise<string> {
	const kept = sessionStorage.getItem(KEY);
	sessionStorage.removeItem(KEY);
	if (error) throw refused("Google did not sign you in. Try again, or sign in with a password.");
	const begun: Begun | null = kept && JSON.parse(kept);
	// A code that somebody else put into an address would sign this browser in as them.
	if (!code || !begun || begun.state !== state) throw refused("This sign-in was not begun in this tab, or is over. Begin again.");
	const body = { code, verifier: begun.verifier, redirect_uri: address(), cookie: true };
	await session.begin(() => ask(open.POST("/v1/auth/code", { body })));
	return begun.to;
}

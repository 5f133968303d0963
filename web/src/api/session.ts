import type { components } from "./schema";

type Tokens = components["schemas"]["Tokens"];

/** Before it ends, by this much, an access token is taken as ended: an answer takes its time. */
const EARLY_MS = 30_000;

/**
 * Who is signed in. Tokens are in this closure alone: in no storage, no cookie and no address. A reload forgets them, and the
 * person signs in again; web/README.md says why.
 */
export class Session {
	#tokens: { access: string; refresh: string; endsAt: number } | null = null;
	#refreshing: Promise<boolean> | null = null;
	#listeners = new Set<() => void>();

	/** `refresh` trades a refresh token for new tokens; null says that it is no longer good. */
	constructor(
		private readonly trade: (refreshToken: string) => Promise<Tokens | null>,
		private readonly now: () => number = Date.now,
	) {}

	get signedIn(): boolean {
		return this.#tokens !== null;
	}

	get refreshToken(): string | null {
		return this.#tokens?.refresh ?? null;
	}

	/** Takes the tokens of a sign-in or of a refresh. Where the answer names no new refresh token, the old one stays good. */
	take(tokens: Tokens) {
		const refresh = tokens.refresh_token ?? this.#tokens?.refresh;
		if (!refresh) throw new Error("a sign-in answered no refresh token");
		this.#tokens = { access: tokens.access_token, refresh, endsAt: this.now() + tokens.expires_in * 1000 };
		this.#tell();
	}

	/** Forgets everything. Those who listen are told once. */
	end() {
		if (!this.#tokens) return;
		this.#tokens = null;
		this.#tell();
	}

	/** An access token that is good for a while yet, or null if nobody is signed in. */
	async access(): Promise<string | null> {
		if (this.#tokens && this.#tokens.endsAt - EARLY_MS <= this.now()) await this.renew();
		return this.#tokens?.access ?? null;
	}

	/** Gets new tokens. Calls that come together share one trade, as a refresh token is spent by it. */
	renew(): Promise<boolean> {
		this.#refreshing ??= this.#renew().finally(() => {
			this.#refreshing = null;
		});
		return this.#refreshing;
	}

	async #renew(): Promise<boolean> {
		const spent = this.#tokens?.refresh;
		if (!spent) return false;
		const tokens = await this.trade(spent);
		if (this.#tokens?.refresh !== spent) return this.signedIn; // signed out, or in as another, meanwhile
		if (tokens) this.take(tokens);
		else this.end();
		return tokens !== null;
	}

	subscribe(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#tell() {
		for (const listener of this.#listeners) listener();
	}
}

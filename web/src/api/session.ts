import type { components } from "./schema";
import { hearTabs, inTurn, leaving, tellTabs } from "./tabs";

type Tokens = Pick<components["schemas"]["Tokens"], "access_token" | "expires_in">;

/** Before it ends, by this much, an access token is taken as ended: an answer takes its time. */
const EARLY_MS = 30_000;

/** What the session asks of the service. The refresh token goes with each call as a cookie, which the page never sees. */
export interface Service {
	/** New tokens; null where there is no cookie, or it is no longer good. */
	refresh(): Promise<Tokens | null>;
	/** Ends what the cookie stands for, and the cookie. */
	signOut(): Promise<void>;
}

/** Why a session ended: the person signed out, here or everywhere, or is gone, it ended by itself, or somebody signed in in another tab. */
export type End = "out" | "everywhere" | "deleted" | "ended" | "another";

/**
 * Who is signed in. The access token is in this closure alone, the refresh token in a cookie that no script can read. A reload, and
 * another tab, go on by that cookie.
 */
export class Session {
	#access: { token: string; endsAt: number } | null = null;
	#renewing: Promise<boolean> | null = null;
	#listeners = new Set<() => void>();
	/** Counts who came and went: what was asked for somebody before is dropped. */
	#turn = 0;
	#why: End = "ended";

	constructor(
		private readonly service: Service,
		private readonly now: () => number = Date.now,
	) {
		hearTabs((word) => this.end(word === "out" ? "out" : "another"));
	}

	get signedIn(): boolean {
		return this.#access !== null;
	}

	/** Why the last session ended. */
	get why(): End {
		return this.#why;
	}

	/** Signs in by what the call answers. */
	async begin(call: () => Promise<Tokens>) {
		this.take(await inTurn(call));
		leaving.end();
		tellTabs("in");
	}

	/** Takes the tokens of a sign-in. */
	take(tokens: Tokens) {
		this.#turn += 1;
		this.#keep(tokens);
	}

	#keep({ access_token, expires_in }: Tokens) {
		this.#access = { token: access_token, endsAt: this.now() + expires_in * 1000 };
		this.#tell();
	}

	/** Forgets everything here. Those who listen are told once. */
	end(why: End = "ended") {
		if (!this.#access) return;
		this.#turn += 1;
		this.#access = null;
		this.#why = why;
		this.#tell();
	}

	/** Signs out: at once in all tabs, then at the service. Where it can't be reached, the next load tells it. */
	async signOut() {
		leaving.begin();
		this.end("out");
		tellTabs("out");
		await this.#leave();
	}

	/** Ends the session here and everywhere else, by a call that ends all refresh tokens. */
	async endAll(why: End, call: () => Promise<unknown>) {
		await call(); // not in turn: the call may have to renew the token first
		this.end(why);
		tellTabs("out");
	}

	async #leave() {
		try {
			await inTurn(() => this.service.signOut());
			leaving.end();
		} catch {
			// What the service says makes no difference to the person: here nobody is signed in.
		}
	}

	/** Whether somebody is signed in, by the cookie if need be. */
	async resume(): Promise<boolean> {
		if (this.signedIn) return true;
		if (!leaving.under) return this.renew();
		await this.#leave();
		return false;
	}

	/** An access token that is good for a while yet, or null if nobody is signed in. */
	async access(): Promise<string | null> {
		if (this.#access && this.#access.endsAt - EARLY_MS <= this.now()) await this.renew();
		return this.#access?.token ?? null;
	}

	/** Gets new tokens. Calls that come together share one trade. */
	renew(): Promise<boolean> {
		this.#renewing ??= this.#renew().finally(() => {
			this.#renewing = null;
		});
		return this.#renewing;
	}

	async #renew(): Promise<boolean> {
		const turn = this.#turn;
		const tokens = await inTurn(async () => (leaving.under || this.#turn !== turn ? null : this.service.refresh()));
		if (this.#turn !== turn) return this.signedIn; // signed out, or in as another, meanwhile
		if (tokens) this.#keep(tokens);
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

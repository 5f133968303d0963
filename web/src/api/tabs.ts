// What the tabs of one browser share is one cookie: they use it one after the other, and tell each other who came and went.

const NAME = "session";

/** Somebody has signed in, or out, in another tab. */
export type Word = "in" | "out";

let last: Promise<unknown> = Promise.resolve();

/** Does the work when no other tab is at its own: a refresh token is spent by its use, and a second use of it would end the session. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
	if (globalThis.navigator?.locks) return navigator.locks.request(NAME, work) as Promise<T>;
	const mine = last.then(work, work);
	last = mine;
	return mine;
}

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(NAME);

export function tellTabs(word: Word) {
	channel?.postMessage(word);
}

export function hearTabs(listener: (word: Word) => void) {
	channel?.addEventListener("message", ({ data }) => listener(data));
}

/** That the person has signed out, while the service was not told of it yet: the cookie is there still, and no script can remove it. */
export const leaving = {
	get under(): boolean {
		try {
			return localStorage.getItem(NAME) === "leaving";
		} catch {
			return false;
		}
	},
	begin() {
		try {
			localStorage.setItem(NAME, "leaving");
		} catch {
			// Storage is closed: only a sign-out that reaches the service holds.
		}
	},
	end() {
		try {
			localStorage.removeItem(NAME);
		} catch {
			// Nothing was kept.
		}
	},
};

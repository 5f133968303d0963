const SAID = {
	confirmed: "Your address is confirmed. Sign in with your password.",
	reset: "Your password is changed. Sign in with the new one.",
	deleted: "Your account is deleted.",
	ended: "Your session had ended. Sign in, and you are back where you were.",
	another: "Somebody signed in in another tab.",
	out: "You are signed out.",
	everywhere: "You are signed out everywhere. What is open elsewhere can go on for at most 5 minutes.",
} as const;

/** What has just happened, for the sign-in page to say. */
export type Said = keyof typeof SAID;

export const isSaid = (word: unknown): word is Said => typeof word === "string" && Object.hasOwn(SAID, word);
export const said = (word: Said): string => SAID[word];

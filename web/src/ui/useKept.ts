import { type ChangeEvent, useCallback, useState } from "react";

/** What was kept in this tab under a key; null for nothing. */
export function readKept(key: string): string | null {
	try {
		return sessionStorage.getItem(key);
	} catch {
		return null;
	}
}

/** Keeps a text for this tab; null forgets it. */
export function writeKept(key: string, text: string | null) {
	try {
		if (text === null) sessionStorage.removeItem(key);
		else sessionStorage.setItem(key, text);
	} catch {
		// Storage is closed or full: what was typed is in the page alone.
	}
}

/** Forgets all whose keys begin so: what was typed is sent. */
export function forgetKept(prefix: string) {
	try {
		for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
	} catch {
		// Storage is closed: nothing was kept.
	}
}

/** What is typed and not sent yet, kept in this tab so that a reload loses nothing. Never for a password or a code. */
export function useKept(key: string): [string | null, (text: string | null) => void] {
	const [text, setText] = useState(() => readKept(key));
	const keep = useCallback(
		(typed: string | null) => {
			setText(typed);
			writeKept(key, typed);
		},
		[key],
	);
	return [text, keep];
}

/** The same, as an input takes it. */
export function useKeptInput(key: string, usual = "") {
	const [text, keep] = useKept(key);
	return {
		value: text ?? usual,
		onChange: ({ target }: ChangeEvent<HTMLInputElement>) => keep(target.value),
	};
}

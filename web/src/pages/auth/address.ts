const KEY = "email";

/** The address that was typed last, for the next step's form: in this tab alone, and not in the page's address, which is logged. */
export function typedAddress(): string {
	try {
		return sessionStorage.getItem(KEY) ?? "";
	} catch {
		return "";
	}
}

export function rememberAddress(email: string) {
	try {
		sessionStorage.setItem(KEY, email);
	} catch {
		// Storage is closed: it is typed again.
	}
}

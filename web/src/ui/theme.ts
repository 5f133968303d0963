/** Which theme is shown now: the one that was chosen, or the system's. public/theme.js applies it before the first paint. */
export function shownTheme(): "light" | "dark" {
	const chosen = document.documentElement.dataset.theme;
	if (chosen === "light" || chosen === "dark") return chosen;
	return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Shows the other theme, and remembers it for this browser. */
export function switchTheme(): "light" | "dark" {
	const next = shownTheme() === "dark" ? "light" : "dark";
	document.documentElement.dataset.theme = next;
	try {
		localStorage.setItem("theme", next);
	} catch {
		// Storage is closed: it holds until the page is left.
	}
	return next;
}

// Before the first paint, so that nobody who chose dark sees a flash of light. A file of its own: the page allows no inline script.
(() => {
	try {
		const chosen = localStorage.getItem("theme");
		if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
	} catch {
		// Storage is closed: the system's choice stands.
	}
})();

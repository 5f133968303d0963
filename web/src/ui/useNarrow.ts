import { useSyncExternalStore } from "react";

/** As wide as the style sheets' own step to one column. */
const QUERY = "(max-width: 56rem)";

function subscribe(listener: () => void) {
	const query = matchMedia(QUERY);
	query.addEventListener("change", listener);
	return () => query.removeEventListener("change", listener);
}

/** Whether the window is a phone's, or as narrow. */
export const useNarrow = () => useSyncExternalStore(subscribe, () => matchMedia(QUERY).matches);

import { type RefObject, useEffect, useState } from "react";

/** Whether an element has been in view, or nearly: what costs a call is asked for then, and not for the whole of a long list. */
export function useSeen(element: RefObject<Element | null>): boolean {
	const [seen, setSeen] = useState(false);
	useEffect(() => {
		if (!element.current || seen) return;
		const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true), { rootMargin: "200px" });
		observer.observe(element.current);
		return () => observer.disconnect();
	}, [element, seen]);
	return seen;
}

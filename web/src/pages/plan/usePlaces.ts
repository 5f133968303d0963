import { useCallback, useEffect, useState } from "react";
import { type Place, type Places, readPlaces, writePlaces } from "../../plans/places";

/** Where a plan's components stand, kept by this browser. */
export function usePlaces(planId: string): [Places, (key: string, place: Place) => void] {
	const [places, setPlaces] = useState(() => readPlaces(planId));
	useEffect(() => writePlaces(planId, places), [planId, places]);
	const put = useCallback((key: string, place: Place) => setPlaces((before) => ({ ...before, [key]: place })), []);
	return [places, put];
}

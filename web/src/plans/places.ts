/** Where something stands on the canvas, in its own units. */
export interface Place {
	x: number;
	y: number;
}

export type Places = Record<string, Place>;

/** Cards side by side, then the next row, for what nobody has put anywhere. */
const COLUMNS = 4;
const STEP = { x: 280, y: 180 };
export const usualPlace = (index: number): Place => ({
	x: (index % COLUMNS) * STEP.x,
	y: Math.floor(index / COLUMNS) * STEP.y,
});

const key = (planId: string) => `places:${planId}`;

/** Where a plan's components stand, by their ids. A plan has no place for that, so that this browser keeps it. */
export function readPlaces(planId: string): Places {
	try {
		const read: unknown = JSON.parse(localStorage.getItem(key(planId)) ?? "{}");
		return Object.fromEntries(Object.entries(read as Places).filter(([, { x, y }]) => Number.isFinite(x) && Number.isFinite(y)));
	} catch {
		return {};
	}
}

export function writePlaces(planId: string, places: Places) {
	try {
		localStorage.setItem(key(planId), JSON.stringify(places));
	} catch {
		// Storage is closed or full: they stand where they usually do after a reload.
	}
}

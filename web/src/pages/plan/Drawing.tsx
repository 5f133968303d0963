import { lazy, type RefObject, Suspense } from "react";
import type { Part } from "../../plans/components";
import type { Place, Places } from "../../plans/places";
import { useNarrow } from "../../ui/useNarrow";
import { Palette } from "./Palette";
import { PartCard, told } from "./PartCard";

export interface DrawingProps {
	parts: Part[];
	/** The key of the component whose properties are shown. */
	selected: string | null;
	/** Where they stand, by their keys. */
	places: Places;
	/** Why nothing can be added; null where it can. */
	full: string | null;
	busy?: boolean;
	/** Where the focus goes when a component is removed. */
	palette?: RefObject<HTMLElement | null>;
	onSelect: (key: string | null) => void;
	onPlace: (key: string, place: Place) => void;
	onAdd: (kind: string, place?: Place) => void;
	onRemove: (key: string) => void;
}

const Canvas = lazy(() => import("./Canvas"));

/** A plan's components, and what can be added to them: drawn, or on a phone listed. */
export function Drawing(props: DrawingProps) {
	const narrow = useNarrow();
	return (
		<div className="drawing">
			<Palette ref={props.palette} full={props.full} busy={props.busy ?? false} onAdd={props.onAdd} />
			{narrow ? (
				<PartList {...props} />
			) : (
				<div className="canvas">
					<Suspense fallback={<div className="skeleton" role="status" aria-label="The canvas is on its way" />}>
						<Canvas {...props} />
					</Suspense>
				</div>
			)}
		</div>
	);
}

function PartList({ parts, selected, onSelect }: DrawingProps) {
	if (parts.length === 0) return <p className="soft">Nothing is in the plan yet.</p>;
	return (
		<ul className="parts-list" aria-label="Components">
			{parts.map((part) => (
				<li key={part.key}>
					<button
						type="button"
						className={part.problems.length > 0 ? "part has-problems" : "part"}
						aria-pressed={part.key === selected}
						aria-label={told(part)}
						onClick={() => onSelect(part.key)}
					>
						<PartCard part={part} />
					</button>
				</li>
			))}
		</ul>
	);
}

import type { Ref } from "react";
import { COMPONENTS } from "../../plans/schema";
import { wordsOf } from "../../plans/words";
import { Button } from "../../ui/Button";

/** What a dragged kind is called while it is on its way to the canvas. */
export const DRAGGED = "application/x-cloudsail-kind";

interface Props {
	ref?: Ref<HTMLElement> | undefined;
	/** Why nothing can be added; null where it can. */
	full: string | null;
	busy?: boolean;
	onAdd: (kind: string) => void;
}

/** The kinds of components there are: pressed, or dragged onto the canvas, each becomes one. */
export function Palette({ ref, full, busy = false, onAdd }: Props) {
	return (
		<section ref={ref} className="palette" aria-label="Palette">
			{Object.keys(COMPONENTS).map((kind) => (
				<Button
					key={kind}
					kind="quiet"
					busy={busy}
					disabledReason={full}
					title={wordsOf(kind).hint}
					draggable={!full && !busy}
					onDragStart={({ dataTransfer }) => {
						dataTransfer.setData(DRAGGED, kind);
						dataTransfer.effectAllowed = "copy";
					}}
					onClick={() => onAdd(kind)}
				>
					Add {wordsOf(kind).label}
				</Button>
			))}
			<p className="hint">{full ? `${full}.` : "Press, or drag onto the canvas."}</p>
		</section>
	);
}

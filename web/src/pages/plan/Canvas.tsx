import "@xyflow/react/dist/style.css";
import {
	applyNodeChanges,
	Background,
	Controls,
	type Node,
	type NodeChange,
	type NodeProps,
	Panel,
	ReactFlow,
	ReactFlowProvider,
	useReactFlow,
} from "@xyflow/react";
import { type DragEvent, type KeyboardEvent, memo, useCallback, useEffect, useState } from "react";
import type { Part } from "../../plans/components";
import { type Places, usualPlace } from "../../plans/places";
import { COMPONENTS } from "../../plans/schema";
import type { DrawingProps } from "./Drawing";
import { DRAGGED } from "./Palette";
import { PartCard, told } from "./PartCard";

type PartNode = Node<{ part: Part }>;

const Card = memo(({ data }: NodeProps<PartNode>) => <PartCard part={data.part} />);

/** One that this page does not know is drawn as well: its plan can be read. */
const UNKNOWN = "unknown";
const NODE_TYPES = Object.fromEntries([...Object.keys(COMPONENTS), UNKNOWN].map((kind) => [kind, Card]));

const WORDS = {
	"node.a11yDescription.keyboardDisabled":
		"Press Enter to select it and see its properties, arrow keys to move it, Delete to remove it.",
	"controls.ariaLabel": "View",
	"controls.zoomIn.ariaLabel": "Larger",
	"controls.zoomOut.ariaLabel": "Smaller",
	"controls.fitView.ariaLabel": "Show all",
};

/** The nodes for a plan's components, with what the canvas knows of those it has drawn already. */
function drawn(parts: Part[], selected: string | null, places: Places, before: PartNode[]): PartNode[] {
	const known = new Map(before.map((node) => [node.id, node]));
	return parts.map((part) => ({
		...known.get(part.key),
		id: part.key,
		type: part.kind in COMPONENTS ? part.kind : UNKNOWN,
		position: known.get(part.key)?.position ?? places[part.key] ?? usualPlace(part.index),
		selected: part.key === selected,
		className: part.problems.length > 0 ? "part has-problems" : "part",
		ariaLabel: told(part),
		data: { part },
	}));
}

function Drawn({ parts, selected, places, onSelect, onPlace, onAdd, onRemove }: DrawingProps) {
	const [nodes, setNodes] = useState<PartNode[]>(() => drawn(parts, selected, places, []));
	useEffect(() => setNodes((before) => drawn(parts, selected, places, before)), [parts, selected, places]);
	const { screenToFlowPosition } = useReactFlow();

	const change = useCallback(
		(changes: NodeChange<PartNode>[]) => {
			setNodes((before) => applyNodeChanges(changes, before));
			const selections = changes.filter((one) => one.type === "select");
			if (selections.length > 0) onSelect(selections.find((one) => one.selected)?.id ?? null);
			for (const one of changes) if (one.type === "position" && one.position && !one.dragging) onPlace(one.id, one.position);
		},
		[onSelect, onPlace],
	);

	function drop(event: DragEvent) {
		const kind = event.dataTransfer.getData(DRAGGED);
		if (!kind) return;
		event.preventDefault();
		const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY });
		onAdd(kind, { x: Math.round(x), y: Math.round(y) });
	}

	function allow(event: DragEvent) {
		if (event.dataTransfer.types.includes(DRAGGED)) event.preventDefault();
	}

	// Only where a card has the focus: elsewhere on the page the key means something else.
	function keys(event: KeyboardEvent) {
		if (event.key !== "Delete" && event.key !== "Backspace") return;
		const card = (event.target as Element).closest<HTMLElement>(".react-flow__node");
		if (card?.dataset.id !== undefined) onRemove(card.dataset.id);
	}

	return (
		<ReactFlow
			aria-label="Canvas"
			nodes={nodes}
			nodeTypes={NODE_TYPES}
			onNodesChange={change}
			onDrop={drop}
			onDragOver={allow}
			onKeyDown={keys}
			ariaLabelConfig={WORDS}
			deleteKeyCode={null}
			selectionKeyCode={null}
			multiSelectionKeyCode={null}
			nodesConnectable={false}
			zoomOnScroll={false}
			preventScrolling={false}
			minZoom={0.1}
			fitView
			fitViewOptions={{ maxZoom: 1, padding: 0.2 }}
		>
			<Background />
			<Controls showInteractive={false} />
			{parts.length === 0 && (
				<Panel position="top-center" className="hint">
					Nothing is in the plan yet. Drag a component here, or press its button.
				</Panel>
			)}
		</ReactFlow>
	);
}

export default function Canvas(props: DrawingProps) {
	return (
		<ReactFlowProvider>
			<Drawn {...props} />
		</ReactFlowProvider>
	);
}

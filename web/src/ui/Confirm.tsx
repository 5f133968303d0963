import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button } from "./Button";

interface Props {
	title: string;
	children: ReactNode;
	action: string;
	busy?: boolean;
	/** Why it can't be done yet. */
	disabledReason?: string | false;
	onConfirm: () => void;
	onClose: () => void;
}

/** Asks before something is lost. The browser's own dialog keeps the focus in, and gives it back; it needs no style of its own script. */
export function Confirm({ title, children, action, busy = false, disabledReason, onConfirm, onClose }: Props) {
	const dialog = useRef<HTMLDialogElement>(null);
	const id = useId();
	useEffect(() => dialog.current?.showModal(), []);
	return (
		<dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
			<h2 id={id}>{title}</h2>
			{children}
			<div className="actions">
				<Button kind="quiet" onClick={() => dialog.current?.close()}>
					Keep it
				</Button>
				<Button kind="danger" busy={busy} disabledReason={disabledReason} onClick={onConfirm}>
					{action}
				</Button>
			</div>
		</dialog>
	);
}

import type { ButtonHTMLAttributes } from "react";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
	kind?: "primary" | "quiet" | "danger" | "icon";
	/** Why it can't be pressed now. It stays reachable by keyboard, and says so. */
	disabledReason?: string | false | null | undefined;
	/** It is being carried out. */
	busy?: boolean;
}

export function Button({
	kind = "primary",
	disabledReason,
	busy = false,
	type = "button",
	onClick,
	title,
	children,
	...rest
}: Props) {
	const closed = Boolean(disabledReason) || busy;
	return (
		<button
			{...rest}
			type={type}
			className="button"
			data-kind={kind}
			aria-disabled={closed || undefined}
			aria-busy={busy || undefined}
			title={disabledReason || title}
			onClick={(event) => {
				if (closed) event.preventDefault();
				else onClick?.(event);
			}}
		>
			{children}
		</button>
	);
}

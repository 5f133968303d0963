import type { ReactNode } from "react";
import { Failed } from "../api/problem";

/** What happened and what to do, with what to name when asking for help. */
export function ErrorNotice({ error, children }: { error: unknown; children?: ReactNode }) {
	if (!error) return null;
	const known = error instanceof Failed ? error : null;
	return (
		<div className="notice" data-kind="error" role="alert">
			<p>{known ? sentence(known.message) : "This page has a fault. Reload it; if that does not help, tell us what you did."}</p>
			{known?.requestId && (
				<p className="small">
					Request <code>{known.requestId}</code>
				</p>
			)}
			{children}
		</div>
	);
}

/** Something that went well, or that is to be known. */
export function Notice({ children }: { children: ReactNode }) {
	return (
		<div className="notice" role="status">
			{children}
		</div>
	);
}

/** The API's texts begin with a small letter and end without a stop. */
export function sentence(text: string): string {
	const whole = text.charAt(0).toUpperCase() + text.slice(1);
	return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

import type { ReactNode } from "react";

export type Colour = "gray" | "orange" | "green" | "red";

const KNOWN: Record<string, { colour: Colour; text: string }> = {
	not_deployed: { colour: "gray", text: "Not deployed" },
	stopped: { colour: "gray", text: "Stopped" },
	destroyed: { colour: "gray", text: "Destroyed" },
	cancelled: { colour: "gray", text: "Cancelled" },
	deploying: { colour: "orange", text: "Deploying" },
	changing: { colour: "orange", text: "Changing" },
	cancelling: { colour: "orange", text: "Cancelling" },
	destroying: { colour: "orange", text: "Destroying" },
	running: { colour: "green", text: "Running" },
	issue: { colour: "red", text: "Has an issue" },
};

/** The colour and the words of a status, as the API names it. One that is newer than this page keeps its own name. */
export function statusOf(status: string): { colour: Colour; text: string } {
	return KNOWN[status] ?? { colour: "gray", text: status.replaceAll("_", " ") };
}

// Each colour has a form of its own: empty, part of a ring, full, crossed.
const FORMS: Record<Colour, ReactNode> = {
	gray: <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="2.500 2.200" />,
	orange: <path d="M8 2a6 6 0 1 1-6 6" fill="none" stroke="currentColor" strokeWidth="2.600" strokeLinecap="round" />,
	green: <circle cx="8" cy="8" r="6.500" fill="currentColor" />,
	red: (
		<>
			<circle cx="8" cy="8" r="7" fill="currentColor" />
			<path d="M8 4v5M8 11.200v.8" stroke="var(--surface)" strokeWidth="2" strokeLinecap="round" />
		</>
	),
};

/** A circle with its word, so that nobody has to see the colour. */
export function Status({ status }: { status: string }) {
	const { colour, text } = statusOf(status);
	return (
		<span className="status" data-colour={colour}>
			<svg viewBox="0 0 16 16" aria-hidden="true">
				{FORMS[colour]}
			</svg>
			{text}
		</span>
	);
}

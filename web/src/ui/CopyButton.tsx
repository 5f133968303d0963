import { useState } from "react";
import { Button } from "./Button";

/** Copies a text, and says that it did. */
export function CopyButton({ text, what }: { text: string; what: string }) {
	const [said, setSaid] = useState("");
	async function copy() {
		try {
			await navigator.clipboard.writeText(text);
			setSaid("Copied");
		} catch {
			setSaid("Your browser refused; select the text instead");
		}
	}
	return (
		<span className="copy">
			<Button kind="quiet" onClick={copy} aria-label={`Copy ${what}`}>
				Copy
			</Button>
			<span role="status">{said}</span>
		</span>
	);
}

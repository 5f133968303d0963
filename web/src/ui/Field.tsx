import { type InputHTMLAttributes, useId } from "react";

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "id"> {
	label: string;
	/** What to know before typing. */
	hint?: string | undefined;
	/** What is wrong with what was typed. */
	error?: string | undefined;
}

/** An input with its label, and what is wrong with it where a screen reader says so too. */
export function Field({ label, hint, error, ...input }: Props) {
	const id = useId();
	const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			{hint && (
				<p className="hint" id={`${id}-hint`}>
					{hint}
				</p>
			)}
			<input {...input} id={id} aria-invalid={error ? true : undefined} aria-describedby={told || undefined} />
			{error && (
				<p className="wrong" id={`${id}-error`}>
					{error}
				</p>
			)}
		</div>
	);
}

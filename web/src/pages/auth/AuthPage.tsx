import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type InputHTMLAttributes, type ReactNode, useEffect, useRef } from "react";
import { Failed } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { ErrorNotice, sentence } from "../../ui/Notice";
import { useKeptInput } from "../../ui/useKept";
import { useTitle } from "../../ui/useTitle";

interface Input extends InputHTMLAttributes<HTMLInputElement> {
	name: string;
	label: string;
	hint?: string;
}

/** The address, kept for a reload and for the next step's form: in this tab alone, and not in the page's address, which is logged. */
export function useEmail(): Input {
	const kept = useKeptInput("email");
	return { name: "email", label: "Email", type: "email", autoComplete: "username", maxLength: 254, ...kept };
}

/** The other fields that these pages have, with what a browser's password manager has to know. None of them is kept. */
export const PASSWORD: Input = { name: "password", label: "Password", type: "password", autoComplete: "current-password" };
export const NEW_PASSWORD: Input = {
	...PASSWORD,
	autoComplete: "new-password",
	minLength: 12,
	hint: "At least 12 characters. A sentence is easier to keep than a word.",
};
export const CODE: Input = {
	name: "code",
	label: "Code",
	hint: "Six digits, from the mail that we sent you.",
	inputMode: "numeric",
	autoComplete: "one-time-code",
	pattern: "[0-9]{6}",
	maxLength: 6,
};

/** The form's id, for a button beside it that acts on what is typed there. */
export const FORM = "step";

interface Props {
	title: string;
	intro?: ReactNode;
	inputs: Input[];
	action: string;
	/** Carries it out; what it throws is shown, beside the field that it names. */
	onSubmit: (values: Record<string, string>) => Promise<unknown>;
	children?: ReactNode;
}

/** One form on a page of its own: each step of signing in is one of these. */
export function AuthPage({ title, intro, inputs, action, onSubmit, children }: Props) {
	const form = useRef<HTMLFormElement>(null);
	const submit = useMutation({ mutationFn: onSubmit });
	const fields = submit.error instanceof Failed ? submit.error.fields : {};
	const beside = inputs.some(({ name }) => fields[name]);

	useTitle(title);
	useEffect(() => {
		if (submit.error) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
	}, [submit.error]);

	function send(event: FormEvent<HTMLFormElement>) {
		event.preventDefault();
		if (submit.isPending) return;
		submit.mutate(Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)])));
	}

	return (
		<section className="card" aria-labelledby="title">
			<h1 id="title">{title}</h1>
			{intro}
			<form id={FORM} ref={form} onSubmit={send} className="stack">
				{inputs.map(({ name, ...input }) => (
					<Field key={name} {...input} name={name} required error={fields[name] && sentence(fields[name])} />
				))}
				{!beside && <ErrorNotice error={submit.error} />}
				<Button type="submit" busy={submit.isPending}>
					{action}
				</Button>
			</form>
			{children}
		</section>
	);
}

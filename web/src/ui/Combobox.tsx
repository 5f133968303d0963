import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";

/** One of several to choose from. */
export interface Option {
	value: string;
	/** What stands in the field when it is chosen. */
	text: string;
	/** What else there is to know of it, a column each. */
	details: string[];
}

interface Props {
	/** The field's own attributes. */
	input: { id: string; "aria-invalid"?: true | undefined; "aria-describedby"?: string | undefined };
	/** What the field is called. */
	label: string;
	value: string;
	options: Option[];
	/** Whether what is typed is the value, also where no option has it. Else a value is chosen, or taken out by emptying the field. */
	free: boolean;
	placeholder?: string | undefined;
	onChange: (value: string) => void;
}

/** A list is looked through by typing, not by scrolling: more are not drawn. */
const DRAWN = 60;

/** Those that have all words: a number as one whole number of theirs, anything else as a part of their text. */
export function filtered(options: Option[], typed: string): Option[] {
	const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
	return options.filter(({ text, details }) => {
		const all = [text, ...details].join(" ").toLowerCase();
		const parts = all.split(/[\s,]+/);
		return words.every((word) => (/^\d+$/.test(word) ? parts.includes(word) : all.includes(word)));
	});
}

/** A field with a list that what is typed narrows, as ARIA's practices have it: the focus stays in the field. */
export function Combobox({ input, label, value, options, free, placeholder, onChange }: Props) {
	const list = useId();
	const [open, setOpen] = useState(false);
	/** What was typed since the field was entered; null if nothing was. */
	const [typed, setTyped] = useState<string | null>(null);
	const [active, setActive] = useState(-1);
	const activeItem = useRef<HTMLDivElement>(null);
	const found = filtered(options, typed ?? "");
	const drawn = found.slice(0, DRAWN);
	const current = drawn[active];

	// biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one is active, it comes into view
	useEffect(() => {
		activeItem.current?.scrollIntoView?.({ block: "nearest" });
	}, [active, open]);

	function close() {
		setOpen(false);
		setTyped(null);
		setActive(-1);
	}

	function choose(option: Option) {
		onChange(option.value);
		close();
	}

	function type(text: string) {
		setTyped(text);
		setOpen(true);
		setActive(free ? -1 : 0);
		if (free || text === "") onChange(text);
	}

	function keys(event: KeyboardEvent) {
		if (event.key === "ArrowDown" || event.key === "ArrowUp") {
			event.preventDefault();
			setOpen(true);
			if (drawn.length > 0)
				setActive((active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1) + drawn.length) % drawn.length);
		} else if (event.key === "Enter" && open) {
			event.preventDefault();
			if (current) choose(current);
			else close();
		} else if (event.key === "Escape" && open) {
			event.preventDefault();
			close();
		}
	}

	return (
		<div className="combobox">
			<input
				{...input}
				type="text"
				role="combobox"
				autoComplete="off"
				aria-autocomplete="list"
				aria-expanded={open}
				aria-controls={list}
				aria-activedescendant={open && current ? `${list}-${active}` : undefined}
				placeholder={placeholder}
				value={typed ?? options.find((one) => one.value === value)?.text ?? value}
				onChange={({ target }) => type(target.value)}
				onClick={() => setOpen(true)}
				onKeyDown={keys}
				onBlur={close}
			/>
			<div id={list} role="listbox" aria-label={`${label}, choices`} hidden={!open || drawn.length === 0} className="options">
				{open &&
					drawn.map((option, at) => (
						// biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the field keeps the focus, and has the keys
						<div
							key={option.value}
							id={`${list}-${at}`}
							ref={at === active ? activeItem : undefined}
							role="option"
							aria-selected={option.value === value}
							data-active={at === active || undefined}
							onPointerDown={(event) => event.preventDefault()}
							onClick={() => choose(option)}
						>
							<span>{option.text}</span>
							{option.details.map((detail) => (
								<span key={detail} className="soft">
									{detail}
								</span>
							))}
						</div>
					))}
			</div>
			{open && (
				<p className="hint" role="status">
					{found.length > DRAWN
						? `${found.length} fit, the first ${DRAWN} are shown: type to narrow them`
						: found.length === 0
							? "None fits"
							: `${found.length} of ${options.length}`}
				</p>
			)}
		</div>
	);
}

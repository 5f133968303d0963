import { useContext, useId, useState } from "react";
import { isObject, type Json, type Path, pointer, type Schema } from "../../plans/schema";
import { SHORT_FORM, wordsOf } from "../../plans/words";
import { Combobox } from "../../ui/Combobox";
import { sentence } from "../../ui/Notice";
import { Pickers } from "./pickers";

interface Props {
	name: string;
	schema: Schema;
	value: Json | undefined;
	path: Path;
	/** What is wrong, by pointer. */
	errors: Record<string, string>;
	onChange: (path: Path, value: Json | undefined) => void;
}

const types = (schema: Schema) => [schema.type ?? []].flat();

/** Nothing to choose: there is one value, or none of its fields has more. */
function isSettled(schema: Schema): boolean {
	if ("const" in schema) return true;
	if (schema.enum) return schema.enum.filter((option) => option !== null).length < 2;
	return schema.properties !== undefined && Object.values(schema.properties).every(isSettled);
}

/** A form for what a schema allows: whatever the schema gains, the form gains. */
export function SchemaForm(props: Props) {
	const { schema, value, path } = props;
	// One of several shapes: the one with fields is drawn, words that stand for defaults were filled in by the API.
	const shape = schema.oneOf?.find((one) => one.properties) ?? schema;
	if (schema.oneOf) {
		const words = schema.oneOf.flatMap((one) => one.enum ?? []).filter((word) => typeof word === "string");
		if (words.length > 0) return <Either {...props} schema={shape} words={words} />;
	}
	if (isSettled(shape) || (value === undefined && SHORT_FORM.has(path.slice(-2).join("/")))) return null;
	if (shape.properties) return <Group {...props} schema={shape} />;
	if (shape.enum) return <Choice {...props} schema={shape} />;
	if (types(shape).includes("boolean")) return <Check {...props} />;
	if (types(shape).includes("array"))
		return <Lines {...props} read={lines} write={(list) => (Array.isArray(list) ? list.join("\n") : "")} />;
	if (isObject(shape.additionalProperties)) return <Lines {...props} read={pairs} write={unpaired} />;
	return <Text {...props} schema={shape} value={value} />;
}

function Group({ name, schema, value, path, errors, onChange }: Props) {
	const { label, hint } = wordsOf(name);
	return (
		<fieldset>
			<legend>{label}</legend>
			{hint && <p className="hint">{hint}</p>}
			<Wrong text={errors[pointer(path)]} />
			<div className="fields">
				{Object.entries(schema.properties ?? {}).map(([key, property]) => (
					<SchemaForm
						key={key}
						name={key}
						schema={property}
						value={isObject(value) ? value[key] : undefined}
						path={[...path, key]}
						errors={errors}
						onChange={onChange}
					/>
				))}
			</div>
		</fieldset>
	);
}

/** A word that says it all, or fields of one's own. */
function Either({ words, ...props }: Props & { words: string[] }) {
	const { name, value, path, onChange } = props;
	const own = isObject(value);
	return (
		<div className="either">
			<Labelled {...props} label={`${wordsOf(name).label}: how`}>
				{(ids) => (
					<select
						{...ids}
						value={own ? "own" : String(value ?? words[0])}
						onChange={({ target }) => onChange(path, target.value === "own" ? {} : target.value)}
					>
						{words.map((word) => (
							<option key={word} value={word}>
								{wordsOf(word).label}
							</option>
						))}
						<option value="own">As said below</option>
					</select>
				)}
			</Labelled>
			{own && <Group {...props} />}
		</div>
	);
}

interface Ids {
	id: string;
	"aria-invalid"?: true | undefined;
	"aria-describedby"?: string | undefined;
}

function Labelled({ name, path, errors, label, children }: Props & { label?: string; children: (ids: Ids) => React.ReactNode }) {
	const id = useId();
	const words = wordsOf(name);
	const error = errors[pointer(path)];
	const told = [words.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
	return (
		<div className="field">
			<label htmlFor={id}>{label ?? words.label}</label>
			{children({ id, "aria-invalid": error ? true : undefined, "aria-describedby": told || undefined })}
			{words.hint && (
				<p className="hint" id={`${id}-hint`}>
					{words.hint}
				</p>
			)}
			<Wrong id={`${id}-error`} text={error} />
		</div>
	);
}

function Wrong({ id, text }: { id?: string; text: string | undefined }) {
	return text ? (
		<p className="wrong" id={id}>
			{sentence(text)}
		</p>
	) : null;
}

function Choice(props: Props) {
	const { schema, value, path, onChange } = props;
	const options = (schema.enum ?? []).filter((option) => option !== null).map(String);
	const open = schema.enum?.includes(null);
	return (
		<Labelled {...props}>
			{(ids) => (
				<select {...ids} value={String(value ?? "")} onChange={({ target }) => onChange(path, target.value || undefined)}>
					{open && <option value="">{schema.default ? `As usual (${schema.default})` : "As derived"}</option>}
					{options.map((option) => (
						<option key={option} value={option}>
							{option}
						</option>
					))}
				</select>
			)}
		</Labelled>
	);
}

function Check(props: Props) {
	const { value, path, onChange } = props;
	return (
		<Labelled {...props}>
			{(ids) => (
				<input {...ids} type="checkbox" checked={value === true} onChange={({ target }) => onChange(path, target.checked)} />
			)}
		</Labelled>
	);
}

function Text(props: Props) {
	const { schema, value, path, onChange } = props;
	const number = types(schema).includes("integer") || types(schema).includes("number");
	const picker = useContext(Pickers)[path.slice(-2).join("/")];
	const usual = schema.default ?? (number ? "" : schema.examples?.[0]);
	const shared = {
		placeholder: usual === undefined ? undefined : String(usual),
		value: value === undefined || value === null ? "" : String(value),
	};
	const write = (text: string) => {
		const wanted = number && text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
		onChange(path, wanted === "" ? undefined : wanted);
	};
	return (
		<Labelled {...props}>
			{(ids) =>
				picker && picker.options.length > 0 ? (
					<Combobox {...shared} {...picker} input={ids} label={wordsOf(props.name).label} onChange={write} />
				) : (
					<input
						{...ids}
						{...shared}
						type={number ? "number" : "text"}
						min={schema.minimum}
						max={schema.maximum}
						maxLength={schema.maxLength}
						onChange={({ target }) => write(target.value)}
					/>
				)
			}
		</Labelled>
	);
}

/** Several values, one a line. What is typed stays as it is typed: an empty line on the way to the next is no value. */
function Lines(props: Props & { read: (text: string) => Json; write: (value: Json | undefined) => string }) {
	const { value, path, onChange, read, write } = props;
	const [text, setText] = useState(() => write(value));
	// Changed from elsewhere, as by undo: what was typed no longer says what stands there.
	const shown = JSON.stringify(read(text)) === JSON.stringify(value ?? read("")) ? text : write(value);
	return (
		<Labelled {...props}>
			{(ids) => (
				<textarea
					{...ids}
					rows={3}
					value={shown}
					onChange={({ target }) => {
						setText(target.value);
						onChange(path, read(target.value));
					}}
				/>
			)}
		</Labelled>
	);
}

const lines = (text: string): Json =>
	text
		.split("\n")
		.map((line) => line.trim())
		.filter(Boolean);

const pairs = (text: string): Json =>
	Object.fromEntries(
		(lines(text) as string[]).map((line) => {
			const [key = "", ...rest] = line.split("=");
			return [key.trim(), rest.join("=").trim()];
		}),
	);

const unpaired = (value: Json | undefined) =>
	isObject(value)
		? Object.entries(value)
				.map(([key, set]) => `${key} = ${set}`)
				.join("\n")
		: "";

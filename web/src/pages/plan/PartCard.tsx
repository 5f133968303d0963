import type { Part } from "../../plans/components";
import { counted } from "../../ui/amounts";
import { Status } from "../../ui/Status";

/** What there is to know of a component at a glance. */
export function PartCard({ part: { name, title, size, status, problems } }: { part: Part }) {
	const [first, ...more] = problems;
	return (
		<>
			<strong className="part-name">{name}</strong>
			<span>{title}</span>
			<span className="soft">{size || "Size as usual"}</span>
			<Status status={status} />
			{first && (
				<span className="wrong">
					{first}
					{more.length > 0 && ` And ${counted(more.length, "problem")} more.`}
				</span>
			)}
		</>
	);
}

/** The same, for who can't see the card. */
export const told = ({ name, title, problems }: Part) =>
	`${name}, ${title}${problems.length > 0 ? `, ${counted(problems.length, "problem")}` : ""}`;

/** Holds the place of rows that are on their way, so that nothing jumps when they come. */
export function SkeletonRows({ rows, label }: { rows: number; label: string }) {
	return (
		<div role="status" aria-label={label} className="rows">
			{Array.from({ length: rows }, (_, row) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: rows without anything that would tell them apart
				<div key={row} className="skeleton" />
			))}
		</div>
	);
}

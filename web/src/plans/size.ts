import type { Path } from "./schema";

/** A machine is chosen by its size or by its type: what one of the two says takes the other out. */
const INSTEAD_OF: Record<string, Path[]> = {
	"aws/instance_type": [
		["hardware", "cpu"],
		["hardware", "memory_gib"],
	],
	"hardware/cpu": [["aws", "instance_type"]],
	"hardware/memory_gib": [["aws", "instance_type"]],
};

/** The fields that a value at this path stands instead of. */
export const insteadOf = (path: Path): Path[] =>
	(INSTEAD_OF[path.slice(-2).join("/")] ?? []).map((other) => [...path.slice(0, -2), ...other]);

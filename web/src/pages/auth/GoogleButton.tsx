import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "../../ui/Button";
import { begin, type Google, google } from "./google";

/** Leaves for Google; not there where nobody can sign in by it. */
export function GoogleButton({ to }: { to: string }) {
	const { data } = useQuery({ queryKey: ["google"], queryFn: google, staleTime: Number.POSITIVE_INFINITY });
	const leave = useMutation({ mutationFn: async (page: Google) => location.assign(await begin(page, to)) });
	if (!data) return null;
	return (
		<div className="stack">
			<p className="hint or">or</p>
			<Button kind="quiet" busy={leave.isPending} onClick={() => leave.mutate(data)}>
				Continue with Google
			</Button>
		</div>
	);
}

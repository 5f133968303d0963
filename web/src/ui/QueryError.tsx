import type { UseQueryResult } from "@tanstack/react-query";
import { Button } from "./Button";
import { ErrorNotice } from "./Notice";

/** Why something could not be asked for, and a way to ask again. */
export function QueryError({ query }: { query: Pick<UseQueryResult, "error" | "isFetching" | "refetch"> }) {
	return (
		<ErrorNotice error={query.error}>
			<Button kind="quiet" busy={query.isFetching} onClick={() => void query.refetch()}>
				Ask again
			</Button>
		</ErrorNotice>
	);
}

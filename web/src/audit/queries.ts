import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../api/schema";

export type AuditLine = components["schemas"]["AuditLine"];

/** What the person changed or had revealed, newest first, a page at a time: all of it, or what was done to one thing. */
export const auditQuery = (subject?: string) =>
	infiniteQueryOptions({
		queryKey: ["audit", subject ?? "all"],
		queryFn: ({ pageParam }) => {
			const query = { limit: 50, ...(subject && { subject }), ...(pageParam && { cursor: pageParam }) };
			return ask(api.GET("/v1/audit", { params: { query } }));
		},
		initialPageParam: "",
		getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
	});

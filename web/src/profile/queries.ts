import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask, once, session } from "../api/client";
import type { components } from "../api/schema";

export type AuditLine = components["schemas"]["AuditLine"];

/** Who is signed in. */
export const meQuery = queryOptions({
	queryKey: ["me"],
	queryFn: () => ask(api.GET("/v1/me")),
	staleTime: Number.POSITIVE_INFINITY,
});

/** What the person changed or had revealed, newest first, a page at a time. */
export const auditQuery = infiniteQueryOptions({
	queryKey: ["audit"],
	queryFn: ({ pageParam }) =>
		ask(api.GET("/v1/audit", { params: { query: { limit: 50, ...(pageParam && { cursor: pageParam }) } } })),
	initialPageParam: "",
	getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
});

/** Ends all sessions of the person, this one too. */
export const signOutEverywhere = () =>
	session.endAll("everywhere", () => ask(api.POST("/v1/auth/sign-out-everywhere", { params: once() })));

/** Deletes the person; all sessions end with them. */
export const deleteMe = () => session.endAll("deleted", () => ask(api.DELETE("/v1/me")));

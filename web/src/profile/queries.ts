import { queryOptions } from "@tanstack/react-query";
import { api, ask, once, session } from "../api/client";

/** Who is signed in. */
export const meQuery = queryOptions({
	queryKey: ["me"],
	queryFn: () => ask(api.GET("/v1/me")),
	staleTime: Number.POSITIVE_INFINITY,
});

/** Ends all sessions of the person, this one too. */
export const signOutEverywhere = () =>
	session.endAll("everywhere", () => ask(api.POST("/v1/auth/sign-out-everywhere", { params: once() })));

/** Deletes the person; all sessions end with them. */
export const deleteMe = () => session.endAll("deleted", () => ask(api.DELETE("/v1/me")));

import { queryOptions } from "@tanstack/react-query";
import { api, ask, once } from "../api/client";
import type { components } from "../api/schema";

export type Account = components["schemas"]["Account"];
export type LinkedAccount = components["schemas"]["LinkedAccount"];

async function allAccounts(): Promise<Account[]> {
	const accounts: Account[] = [];
	let cursor: string | null | undefined;
	do {
		const page = await ask(api.GET("/v1/account", { params: { query: { limit: 100, ...(cursor && { cursor }) } } }));
		accounts.push(...page.items);
		cursor = page.next_cursor;
	} while (cursor);
	return accounts;
}

export const accountsQuery = queryOptions({ queryKey: ["accounts"], queryFn: allAccounts });

/** Links an account; asked again for one that is not verified yet, it answers the same link with its template. */
export const linkAccount = ({
	account_id,
	region,
	name,
}: Pick<Account, "account_id" | "region"> & { name?: string | undefined }) =>
	ask(api.POST("/v1/account", { params: once(), body: { provider: "aws", account_id, region, ...(name && { name }) } }));

/** Compares the account with what should be there now, and removes what destroyed deployments left. */
export const lookForStrays = (account_id: string) =>
	ask(api.POST("/v1/account/{account_id}/reconcile", { params: { path: { account_id }, ...once() } }));

export const verifyAccount = (id: string) =>
	ask(api.POST("/v1/account/{account_id}/verify", { params: { path: { account_id: id }, ...once() } }));

/** AWS's console with the roles' template filled in. The address lives half an hour, so it is asked for again before. */
export const quickCreateQuery = (id: string) =>
	queryOptions({
		queryKey: ["account", id, "quick-create"],
		queryFn: () => ask(api.POST("/v1/account/{account_id}/quick-create", { params: { path: { account_id: id } } })),
		staleTime: 25 * 60_000,
		refetchInterval: 25 * 60_000,
	});

export const removeAccount = (id: string) =>
	ask(api.DELETE("/v1/account/{account_id}", { params: { path: { account_id: id } } }));

export interface Grant {
	/** What it is for: the statement's name, in words. */
	what: string;
	actions: string[];
}

interface Statement {
	Sid?: string;
	Action: string | string[];
}

/** What the template's role may do, a statement a line. */
export function grants(template: LinkedAccount["template"]): Grant[] {
	const { Resources } = template as unknown as {
		Resources: { Access: { Properties: { Policies: { PolicyDocument: { Statement: Statement[] } }[] } } };
	};
	return Resources.Access.Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).map(
		({ Sid, Action }) => ({
			what: words(Sid ?? "Also"),
			actions: [Action].flat(),
		}),
	);
}

/** "SeeMachinesOfCloudsail" as "See machines of cloudsail"; what is all capitals stays so. */
const words = (sid: string) => sid.replace(/(?<=[a-z0-9])[A-Z](?![A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);

import { queryOptions, skipToken } from "@tanstack/react-query";
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

/** A link that is under way, with its template, by what the account is called at AWS. */
export const linkedQuery = (account_id: string, known: Account | undefined) =>
	queryOptions({
		queryKey: ["account", account_id, "linked"],
		queryFn: known ? () => linkAccount(known) : skipToken,
		staleTime: Number.POSITIVE_INFINITY,
	});

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
	/** The statement's name, in words. */
	what: string;
	/** What it is for; null where the template says nothing of it. */
	why: string | null;
	actions: string[];
}

/** A role of the template, or the policy that bounds what the roles can make. */
export interface Granted {
	name: string;
	/** What it is there for. */
	description: string;
	grants: Grant[];
}

interface Statement {
	Sid?: string;
	Action: string | string[];
}

interface Document {
	Statement: Statement[];
}

interface Resource {
	Type: string;
	Metadata?: { Why?: Record<string, string> };
	Properties: {
		RoleName?: string;
		ManagedPolicyName?: string;
		Description?: string;
		PolicyDocument?: Document;
		Policies?: { PolicyDocument: Document }[];
	};
}

/** What a template's roles may do and why, a statement a line; last, what bounds them. */
export function granted(template: LinkedAccount["template"]): Granted[] {
	const { Resources } = template as { Resources: Record<string, Resource> };
	const all = Object.entries(Resources);
	const isRole = ([, { Type }]: [string, Resource]) => Type === "AWS::IAM::Role";
	return [...all.filter(isRole), ...all.filter((one) => !isRole(one))].map(([key, { Metadata, Properties }]) => {
		const { RoleName, ManagedPolicyName, Description, PolicyDocument, Policies } = Properties;
		const documents = PolicyDocument ? [PolicyDocument] : (Policies ?? []).map((policy) => policy.PolicyDocument);
		return {
			name: RoleName ?? ManagedPolicyName ?? key,
			description: Description ?? "",
			grants: documents
				.flatMap(({ Statement }) => Statement)
				.map(({ Sid, Action }) => ({
					what: words(Sid ?? "Also"),
					why: (Sid && Metadata?.Why?.[Sid]) || null,
					actions: [Action].flat(),
				})),
		};
	});
}

/** "SeeMachinesOfCloudsail" as "See machines of cloudsail"; what is all capitals stays so. */
const words = (sid: string) => sid.replace(/(?<=[a-z0-9])[A-Z](?![A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);

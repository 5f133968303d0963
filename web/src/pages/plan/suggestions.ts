import { useQuery } from "@tanstack/react-query";
import { createContext } from "react";
import { accountsQuery } from "../../accounts/queries";
import { api, ask } from "../../api/client";
import { money } from "../../ui/amounts";

/** What a field may well hold. */
export interface Suggestion {
	value: string;
	/** What it is, for whoever chooses. */
	label: string;
}

/** Half-typed ones are not asked for. */
const WHOLE_REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** By the last two parts of a field's path. Anything else may be typed as well. */
export const Suggestions = createContext<Record<string, Suggestion[]>>({});

/** The person's accounts, and the machine types of the plan's region, with size and price. */
export function useSuggestions(provider: string, region: string | undefined): Record<string, Suggestion[]> {
	const accounts = useQuery(accountsQuery);
	const choices = useQuery({
		queryKey: ["catalogue", provider, region],
		queryFn: () => ask(api.GET("/v1/catalogue", { params: { query: { provider: "aws", region: region ?? "" } } })),
		enabled: provider === "aws" && WHOLE_REGION.test(region ?? ""),
		staleTime: Number.POSITIVE_INFINITY,
	});
	const currency = choices.data?.currency;
	return {
		"cloud/account": (accounts.data ?? []).map(({ id, name, account_id }) => ({ value: id, label: `${name} (${account_id})` })),
		"aws/instance_type": (choices.data?.machines ?? []).map(({ name, cpu, memory_mib, hourly }) => ({
			value: name,
			label: `${cpu} vCPU, ${memory_mib / 1024} GiB${hourly && currency ? `, ${money(String(Number(hourly) * 730), currency)} a month` : ""}`,
		})),
	};
}

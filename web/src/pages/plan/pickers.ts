import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { createContext, useMemo } from "react";
import { accountsQuery } from "../../accounts/queries";
import { api, ask } from "../../api/client";
import type { components } from "../../api/schema";
import { money } from "../../ui/amounts";
import type { Option } from "../../ui/Combobox";

type Choices = components["schemas"]["Choices"];
type Machine = components["schemas"]["Machine"];

/** What a field is chosen from. */
export interface Picker {
	options: Option[];
	/** Whether anything else may be typed. */
	free: boolean;
}

/** By the last two parts of a field's path. A field without one, or with an empty one, is typed. */
export const Pickers = createContext<Record<string, Picker>>({});

const HOURS_A_MONTH = 730;

/** Half-typed ones are not asked for. */
const WHOLE_REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

const catalogueQuery = (region: string | undefined) => ({
	queryKey: ["catalogue", region],
	queryFn: () => ask(api.GET("/v1/catalogue", { params: { query: { provider: "aws", ...(region && { region }) } } })),
	staleTime: Number.POSITIVE_INFINITY,
	// The fields stay pickers while another region's catalogue is on its way.
	placeholderData: keepPreviousData<Choices>,
});

export interface Chosen {
	provider: string;
	region: string | undefined;
	cpu: number | undefined;
	architecture: string | undefined;
}

/** The person's accounts, the provider's regions, and the machines of the plan's region by size and by type, with prices. */
export function usePickers({ provider, region, cpu, architecture }: Chosen): Record<string, Picker> {
	const accounts = useQuery(accountsQuery).data;
	const whole = region && WHOLE_REGION.test(region) ? region : undefined;
	const choices = useQuery({ ...catalogueQuery(whole), enabled: provider === "aws" }).data;
	return useMemo(() => {
		const account = (accounts ?? []).map(({ id, name, account_id, status }) => ({
			value: id,
			text: `${name} (${account_id})`,
			details: status === "verified" ? [] : ["not verified yet"],
		}));
		const picked = { "cloud/account": { options: account, free: false } };
		return choices ? { ...picked, ...ofCatalogue(choices, cpu, architecture) } : picked;
	}, [accounts, choices, cpu, architecture]);
}

export function ofCatalogue(
	{ regions, machines, currency }: Pick<Choices, "regions" | "machines" | "currency">,
	cpu: number | undefined,
	architecture: string | undefined,
): Record<string, Picker> {
	const month = ({ hourly }: Machine) => (hourly && currency ? money(String(Number(hourly) * HOURS_A_MONTH), currency) : null);
	const fitting = machines
		.filter((machine) => !architecture || machine.architecture === architecture)
		.sort((a, b) => a.cpu - b.cpu || a.memory_mib - b.memory_mib || price(a) - price(b));
	const enough = fitting.filter((machine) => machine.cpu >= (cpu ?? 0));
	/** A size, and the least costly machine that has it. */
	const size = (of: Machine[], sizeOf: (machine: Machine) => number, unit: string): Picker => ({
		options: [...new Set(of.map(sizeOf))]
			.filter(Number.isInteger)
			.sort((a, b) => a - b)
			.map((value) => {
				const [least] = of.filter((machine) => sizeOf(machine) >= value && month(machine)).sort((a, b) => price(a) - price(b));
				return {
					value: String(value),
					text: String(value),
					details: [unit, ...(least ? [`from ${month(least)} a month (${least.name})`] : [])],
				};
			}),
		free: true,
	});
	return {
		"cloud/region": { options: regions.map((value) => ({ value, text: value, details: [] })), free: false },
		"hardware/cpu": size(fitting, (machine) => machine.cpu, "vCPU"),
		"hardware/memory_gib": size(enough, gib, "GiB"),
		"aws/instance_type": {
			options: fitting.map((machine) => ({
				value: machine.name,
				text: machine.name,
				details: [
					`${machine.cpu} vCPU`,
					`${gib(machine)} GiB`,
					machine.burstable ? `${machine.architecture}, burstable` : machine.architecture,
					month(machine) ? `${month(machine)} a month` : "price unknown",
				],
			})),
			free: true,
		},
	};
}

const gib = ({ memory_mib }: Machine) => memory_mib / 1024;
const price = ({ hourly }: Machine) => (hourly ? Number(hourly) : Number.POSITIVE_INFINITY);

/** "$31.47", of a decimal as the API writes it. */
export const money = (amount: string, currency: string) =>
	new Intl.NumberFormat("en", { style: "currency", currency }).format(Number(amount));

/** "1 change", "2 changes". */
export const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

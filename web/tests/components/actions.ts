import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { PERSON } from "../mocks/api";

export async function type(label: string, text: string) {
	const input = await screen.findByLabelText(label);
	await userEvent.clear(input);
	await userEvent.type(input, text);
}

export const press = async (name: string) => userEvent.click(await screen.findByRole("button", { name }));
export const heading = (name: string) => screen.findByRole("heading", { level: 1, name });

export async function signIn(password = PERSON.password) {
	await type("Email", PERSON.email);
	await type("Password", password);
	await press("Sign in");
}

import { render, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { Landing } from "../../src/landing/Landing";

const section = (name: string) => within(screen.getByRole("region", { name }));

test("names who answers mail and where the source is, where the build knows", () => {
	render(<Landing source="https://example.com/source" contact="sail@example.com" />);
	expect(section("Contact").getByRole("link", { name: "sail@example.com" }).getAttribute("href")).toBe("mailto:sail@example.com");
	expect(section("Open source, and yours to host").getByRole("link", { name: "Read the source" }).getAttribute("href")).toBe(
		"https://example.com/source",
	);
});

test("says whom to ask where the build knows neither, and makes no address up", () => {
	render(<Landing />);
	section("Contact").getByText(/Ask those who gave you this page's address/);
	section("Open source, and yours to host").getByText(/The source comes from whoever runs this copy/);
	expect(document.querySelector("a[href^='mailto:']")).toBeNull();
});

import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Status } from "../../src/ui/Status";

// DESIGN: which statuses there are, and their colours.
test.each([
	["not_deployed", "gray", "Not deployed"],
	["stopped", "gray", "Stopped"],
	["deploying", "orange", "Deploying"],
	["changing", "orange", "Changing"],
	["cancelling", "orange", "Cancelling"],
	["destroying", "orange", "Destroying"],
	["running", "green", "Running"],
	["issue", "red", "Has an issue"],
])("%s is %s, and says so in words", (status, colour, text) => {
	render(<Status status={status} />);
	expect(screen.getByText(text).dataset.colour).toBe(colour);
});

test("a status that is newer than the page is shown by its own name", () => {
	render(<Status status="being_moved" />);
	expect(screen.getByText("being moved").dataset.colour).toBe("gray");
});

import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Step } from "../../src/deployments/queries";
import { beganAt, Elapsed, Steps } from "../../src/deployments/Steps";
import { duration } from "../../src/ui/time";

const step = (name: string, state: Step["state"], from: string | null = null, to: string | null = null): Step => ({
	name,
	title: name,
	state,
	started_at: from && `2026-11-21T${from}Z`,
	ended_at: to && `2026-11-21T${to}Z`,
});

const words = () => screen.getAllByRole("listitem").map(({ textContent }) => textContent);

beforeEach(() => {
	vi.useFakeTimers({ now: new Date("2026-11-21T12:02:00Z") });
});
afterEach(() => {
	cleanup();
	vi.useRealTimers();
});

test("each step says how long it took, the running one how long it runs by now, and the rest what comes next", () => {
	const { container } = render(
		<Steps
			steps={[
				step("Making the security group", "done", "12:00:00", "12:00:12"),
				step("Starting the machine", "running", "12:00:55"),
				step("Booting", "waiting"),
				step("Installing PostgreSQL", "waiting"),
			]}
		/>,
	);
	expect(words()).toEqual([
		"Making the security group Done in 12 s",
		"Starting the machine Running for 1 min 5 s",
		"Booting Next",
		"Installing PostgreSQL Coming",
	]);
	act(() => vi.advanceTimersByTime(3_000));
	expect(words()[1]).toBe("Starting the machine Running for 1 min 8 s");
	expect(screen.getByText("Starting the machine").closest("li")?.getAttribute("aria-current")).toBe("step");
	expect(container.querySelector("[aria-live], [role=status], [role=alert]")).toBeNull();
});

test("a step that failed says after how long, and one that is tried again is there twice", () => {
	render(<Steps steps={[step("Booting", "failed", "12:00:00", "12:01:00"), step("Booting", "running", "12:01:59")]} />);
	expect(words()).toEqual(["Booting Failed after 1 min", "Booting Running for 1 s"]);
});

test("a step of the service whose clock is ahead has run for no time yet", () => {
	render(<Elapsed since="2026-11-21T12:02:04Z" />);
	expect(document.body.textContent).toBe("0 s");
});

test.each<[string, Step[], string | null]>([
	["nothing has begun", [step("a", "waiting")], null],
	["steps follow each other", [step("a", "done", "12:00:00", "12:00:12"), step("b", "running", "12:00:12")], "12:00:00"],
	["earlier work stands before", [step("a", "done", "09:00:00", "09:00:12"), step("b", "running", "12:00:12")], "12:00:12"],
	["a try failed just before", [step("a", "failed", "12:00:00", "12:00:12"), step("a", "running", "12:00:15")], "12:00:15"],
	["the work has not begun after earlier work", [step("a", "done", "09:00:00", "09:00:12")], null],
])("the time of the work under way is counted from its own first step: %s", (_, steps, began) => {
	expect(beganAt(steps)).toBe(began && `2026-11-21T${began}Z`);
});

test.each([
	[0, "0 s"],
	[59_999, "59 s"],
	[60_000, "1 min"],
	[7_384_000, "2 h 3 min"],
	[100_000_000, "1 d 3 h"],
])("%d ms is %s", (ms, text) => {
	expect(duration(ms)).toBe(text);
});

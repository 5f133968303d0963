// How much script a drag costs in the editor with 200 nodes: npm run build && npm run drag.
import { signIn, withApi } from "../../tests/browser/app";
import { expect, test } from "../../tests/browser/page";
import { type Plan, plans } from "../../tests/mocks/answers";
import { MockApi } from "../../tests/mocks/api";
import { type Clock, type Event, frames } from "./frames";

const NODES = 200;
const ROUNDS = 5;
const MOVES = 120;
const AT_MOST_MS = 8;
const CLOCKS: Clock[] = ["processor", "wall"];
const CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "devtools.timeline.frame", "v8"];

// The API has no plan of so many.
test.use({ documented: false });

test("a drag among 200 nodes", async ({ page, browser }) => {
	test.setTimeout(300_000);
	const api = new MockApi().withPerson();
	api.plans = plans("not_deployed");
	const [plan] = api.plans;
	if (plan) plan.plan = { ...plan.plan, components: crowd(plan.plan) };
	await withApi(page, api);
	await page.setViewportSize({ width: 1600, height: 1000 });
	await signIn(page);
	await page.getByRole("link", { name: "not_deployed-0" }).click();
	const cards = page.getByRole("group", { name: /^node\d+, PostgreSQL/ });
	await expect(cards).toHaveCount(NODES);

	const spent: Record<Clock, number[][]> = { processor: [], wall: [] };
	for (let round = 0; round < ROUNDS; round += 1) {
		const box = await cards.nth(90 + round).boundingBox();
		if (!box) throw new Error("a card is not drawn");
		const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
		await page.mouse.move(x, y);
		await page.mouse.down();
		await page.mouse.move(x + 5, y + 5); // it is taken up, which is not part of what a frame of the drag costs
		await browser.startTracing(page, { categories: CATEGORIES });
		for (let move = 0; move < MOVES; move += 1) {
			const angle = (move / MOVES) * 2 * Math.PI;
			await page.mouse.move(x + 60 * Math.sin(angle), y + 60 * (1 - Math.cos(angle)));
		}
		const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: Event[] };

		await page.mouse.up();
		for (const clock of CLOCKS) {
			const drag = frames(trace.traceEvents, clock);
			expect(drag.length, "frames in which something was dragged").toBeGreaterThan(MOVES / 4);
			spent[clock].push(drag);
		}
	}
	for (const clock of CLOCKS) console.log(`${NODES} nodes, ${clock} time of script in a frame, ms: ${told(spent[clock])}`);
	// The wall's clock goes on while this machine draws, by software and on the same cores.
	expect(Math.max(...spent.processor.flat()), "the longest frame").toBeLessThanOrEqual(AT_MOST_MS);
});

function told(drags: number[][]): string {
	const all = ordered(drags.flat());
	const medians = ordered(drags.map((drag) => at(ordered(drag), 0.5)));
	const ms = (value: number) => value.toFixed(2);
	return (
		`median ${ms(at(all, 0.5))} (by drag ${ms(at(medians, 0))} to ${ms(at(medians, 1))}), p95 ${ms(at(all, 0.95))}, ` +
		`most ${ms(at(all, 1))}; over ${AT_MOST_MS} ms: ${all.filter((one) => one > AT_MOST_MS).length} of ${all.length} frames`
	);
}

const ordered = (values: number[]) => [...values].sort((a, b) => a - b);
const at = (sorted: number[], part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN;

/** More components than the API takes: the drawing has to do with them when plans may hold so many. */
function crowd({ components: [one] }: Plan["plan"]): Plan["plan"]["components"] {
	if (!one) return [];
	return Array.from({ length: NODES }, (_, number) => ({ ...one, id: `node${number}` }));
}

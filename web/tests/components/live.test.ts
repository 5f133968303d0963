import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Changed, Live } from "../../src/live/live";

class FakeSocket {
	static all: FakeSocket[] = [];
	static readonly OPEN = 1;
	readyState = 0;
	sent: string[] = [];
	onopen?: () => void;
	onmessage?: (event: { data: string }) => void;
	onclose?: () => void;
	constructor(readonly url: string) {
		FakeSocket.all.push(this);
	}
	open() {
		this.readyState = 1;
		this.onopen?.();
	}
	send(text: string) {
		this.sent.push(text);
	}
	say(message: object) {
		this.onmessage?.({ data: JSON.stringify(message) });
	}
	close() {
		this.readyState = 3;
		this.onclose?.();
	}
}

const latest = () => FakeSocket.all.at(-1) as FakeSocket;
const news = (sequence: number) => ({ sequence, plan: `p${sequence}`, deployment: null, status: null });

let changed: Changed[];
let asked: number[];
let live: Live;
let refused: boolean;

beforeEach(async () => {
	vi.useFakeTimers();
	vi.stubGlobal("WebSocket", FakeSocket);
	FakeSocket.all = [];
	[changed, asked, refused] = [[], [], false];
	live = new Live({
		ticket: async () => {
			if (refused) throw new Error("no network");
			return { ticket: "a+b", url: "wss://socket.example/v1", expires_in: 30 };
		},
		changes: async (after) => {
			asked.push(after);
			return { sequence: 9, plans: ["missed"], deployments: ["d"], more: false };
		},
		changed: (what) => changed.push(what),
	});
	live.start();
	await vi.advanceTimersByTimeAsync(0);
});

afterEach(() => {
	live.stop();
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

test("it opens with a ticket, subscribes, and tells of each change once", () => {
	expect(latest().url).toBe("wss://socket.example/v1?ticket=a%2Bb");
	latest().open();
	expect(latest().sent).toEqual(['{"action":"subscribe"}']);
	expect(live.connected).toBe(false);
	latest().say({ subscribed: true, sequence: 4 });
	expect(live.connected).toBe(true);
	latest().say({ ...news(5), deployment: "d5" });
	latest().say({ ...news(5), deployment: "d5" });
	expect(changed).toEqual([
		{ plans: [], deployments: [], all: true },
		{ plans: ["p5"], deployments: ["d5"] },
	]);
	expect(asked).toEqual([]);
});

test("where a number is missing it asks for what it missed", async () => {
	latest().open();
	latest().say({ subscribed: true, sequence: 4 });
	latest().say(news(7));
	await vi.advanceTimersByTimeAsync(0);
	expect(asked).toEqual([4]);
	expect(changed.at(-1)).toEqual({ plans: ["missed"], deployments: ["d"], all: false });
	latest().say(news(8));
	expect(changed).toHaveLength(2);
});

test("a socket that is lost is opened again, and what happened meanwhile is asked for", async () => {
	latest().open();
	latest().say({ subscribed: true, sequence: 4 });
	refused = true;
	latest().close();
	expect(live.connected).toBe(false);
	await vi.advanceTimersByTimeAsync(20_000);
	expect(FakeSocket.all).toHaveLength(1);
	refused = false;
	globalThis.dispatchEvent(new Event("online"));
	await vi.advanceTimersByTimeAsync(0);
	expect(FakeSocket.all).toHaveLength(2);
	latest().open();
	latest().say({ subscribed: true, sequence: 6 });
	await vi.advanceTimersByTimeAsync(0);
	expect(asked).toEqual([4]);
});

test("it keeps the socket awake, and lets go of it when it is stopped", async () => {
	latest().open();
	await vi.advanceTimersByTimeAsync(5 * 60_000);
	expect(latest().sent.at(-1)).toBe('{"action":"ping"}');
	live.stop();
	expect(latest().readyState).toBe(3);
	await vi.advanceTimersByTimeAsync(120_000);
	expect(FakeSocket.all).toHaveLength(1);
});

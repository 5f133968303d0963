import type { components } from "../api/schema";

type Ticket = components["schemas"]["Ticket"];
type Changes = components["schemas"]["Changes"];

/** A change that the service tells of. */
interface News {
	sequence: number;
	plan: string;
	deployment: string | null;
}

/** What the page shows of these is old; `all`, when there was too much to name. */
export interface Changed {
	plans: string[];
	deployments: string[];
	all?: boolean;
}

interface Service {
	/** What opens a socket, once. */
	ticket: () => Promise<Ticket>;
	/** What has changed since that number. */
	changes: (after: number) => Promise<Changes>;
	/** What to look at anew. */
	changed: (what: Changed) => void;
}

/** The gateway closes a socket on which nothing was said for ten minutes. */
const PING_MS = 5 * 60_000;
const LONGEST_WAIT_MS = 60_000;

const NOTHING_YET = -1;

/**
 * One WebSocket, opened again whenever it was lost. Each message has a number; where one is missing, the page asks over HTTP for what
 * it missed. It tells what has changed and not how: what is shown comes from the API alone.
 */
export class Live {
	#socket: WebSocket | null = null;
	#known = NOTHING_YET;
	#tries = 0;
	#running = false;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#ping: ReturnType<typeof setInterval> | undefined;
	#subscribed = false;

	constructor(private readonly service: Service) {}

	/** Whether changes are told of as they happen; else the page has to look. */
	get connected(): boolean {
		return this.#subscribed;
	}

	start() {
		if (this.#running) return;
		this.#running = true;
		globalThis.addEventListener("online", this.#again);
		this.#ping = setInterval(() => this.#say("ping"), PING_MS);
		void this.#open();
	}

	stop() {
		this.#running = false;
		globalThis.removeEventListener("online", this.#again);
		clearInterval(this.#ping);
		clearTimeout(this.#timer);
		const socket = this.#socket;
		this.#socket = null;
		this.#subscribed = false;
		socket?.close();
	}

	/** The network is back: nobody waits any longer. */
	#again = () => {
		if (this.#socket) return;
		clearTimeout(this.#timer);
		void this.#open();
	};

	async #open() {
		let ticket: Ticket;
		try {
			ticket = await this.service.ticket();
		} catch {
			this.#later();
			return;
		}
		if (!this.#running || this.#socket) return;
		const socket = new WebSocket(`${ticket.url}?ticket=${encodeURIComponent(ticket.ticket)}`);
		this.#socket = socket;
		socket.onopen = () => this.#say("subscribe");
		socket.onmessage = ({ data }) => this.#hear(JSON.parse(String(data)));
		socket.onclose = () => {
			if (this.#socket !== socket) return;
			this.#socket = null;
			this.#subscribed = false;
			this.#later();
		};
	}

	/** Twice as long after each failure, and never all pages at once. */
	#later() {
		if (!this.#running) return;
		const longest = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** this.#tries++);
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#open(), longest * (0.5 + Math.random() / 2));
	}

	#say(action: "subscribe" | "ping") {
		if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ action }));
	}

	#hear(message: { subscribed?: boolean; error?: string } & Partial<News>) {
		if (message.error !== undefined || message.sequence === undefined) {
			this.#socket?.close();
			return;
		}
		if (message.subscribed) {
			this.#subscribed = true;
			this.#tries = 0;
			// What was loaded before the first socket may have changed until now.
			if (this.#known === NOTHING_YET) this.service.changed({ plans: [], deployments: [], all: true });
			else if (message.sequence > this.#known) void this.#catchUp(this.#known);
			this.#known = Math.max(this.#known, message.sequence);
			return;
		}
		// Two workers may tell of two changes in the other order: what is missing was asked for then.
		if (message.sequence <= this.#known) return;
		const before = this.#known;
		this.#known = message.sequence;
		if (message.sequence > before + 1) void this.#catchUp(before);
		else if (message.plan)
			this.service.changed({ plans: [message.plan], deployments: message.deployment ? [message.deployment] : [] });
	}

	async #catchUp(after: number) {
		try {
			const { sequence, plans, deployments, more } = await this.service.changes(after);
			this.#known = Math.max(this.#known, sequence);
			this.service.changed({ plans, deployments, all: more });
		} catch {
			// What could not be asked for may be anything.
			this.service.changed({ plans: [], deployments: [], all: true });
		}
	}
}

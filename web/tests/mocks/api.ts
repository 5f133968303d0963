import { HttpResponse, http, type RequestHandler } from "msw";
import type { components } from "../../src/api/schema";
import { CONNECTION, content, DEPLOYMENT, type Plan, planId, preview, problem, TEMPLATE } from "./answers";
import { document, example, made } from "./example";

type Schemas = components["schemas"];
type Account = Schemas["Account"];

export const CODE = "123456";
export const PERSON = { email: "person@example.com", password: "Correct-horse-9-battery" };

/** As RFC 7636 makes it of the verifier. */
async function challengeOf(verifier: string): Promise<string> {
	const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
	return Buffer.from(hash).toString("base64url");
}

const wrongField = (pointer: string, message: string) =>
	problem(400, "invalid", `${pointer}: ${message}`, [{ pointer, message }]);

/** What each route answers if a test says nothing of it: the first success of its document, by the document's own examples. */
function documented(): RequestHandler[] {
	return Object.entries(document.paths).flatMap(([path, operations]) =>
		Object.entries(operations).map(([method, { responses }]) => {
			const [status = "200", response] = Object.entries(responses).find(([status]) => status.startsWith("2")) ?? [];
			const schema = response?.content?.["application/json"]?.schema;
			const make = http[method as "get" | "post" | "put" | "delete"];
			return make(`*${path.replaceAll(/\{(\w+)\}/g, ":$1")}`, () => {
				const answer = schema && example(schema);
				return answer === undefined
					? new HttpResponse(null, { status: Number(status) })
					: HttpResponse.json(answer as object, { status: Number(status) });
			});
		}),
	);
}

/** Of the cookie that no script can read. */
const RULES = "HttpOnly; Secure; SameSite=Strict; Path=/";

/** A service with people, sessions and plans, in memory. */
export class MockApi {
	people = new Map<string, { password: string; confirmed: boolean }>();
	/** What the site says of Google. */
	google: { authorize: string; client_id: string } | null = null;
	/** Codes that Cognito's page gave out, each with the challenge that it was asked for with. */
	codes = new Map<string, string>();
	plans: Plan[] = [];
	accounts: Account[] = [];
	/** What the deployment is beside DEPLOYMENT. */
	deployment: Partial<Schemas["Deployment"]> = {};
	/** Whether the customer has made the role in AWS. */
	roleIsMade = false;
	/** What the person did, newest first. */
	audit: Schemas["AuditLine"][] = [];
	/** What is wrong with every plan that is saved; null for nothing. */
	refusal: { pointer: string; message: string } | null = null;
	/** Where sockets are opened; null where there are none, and the page has to look by itself. */
	socketUrl: string | null = null;
	/** What a page missed that asks for it. */
	missed: Schemas["Changes"] = { sequence: 0, plans: [], deployments: [], more: false };
	/** How often each route was asked, by method and path. */
	asked: string[] = [];
	/** A deployment that lives; null for none. */
	inUse: string | null = null;
	/** The browser's cookie, for tests that have no browser; null for none. */
	jar: string | null | undefined;
	#access = new Set<string>();
	#refresh = new Set<string>();
	#made = 0;

	/** Somebody who has signed up and confirmed. */
	withPerson() {
		this.people.set(PERSON.email, { password: PERSON.password, confirmed: true });
		return this;
	}

	/** An account that is linked, and not verified yet. */
	link(account_id: string, name = "production") {
		const id = `acct_${String(this.accounts.length).padStart(32, "0")}`;
		const account = {
			...made("Account"),
			id,
			account_id,
			region: "ca-central-1",
			name,
			status: "pending",
			external_id: "3f6c2a91e8d04b7f",
			strays: made("Strays", { items: [], ghosts: [], removed: [] }),
		};
		this.accounts.unshift(account);
		return account;
	}

	tokens(): Schemas["Tokens"] {
		this.#made += 1;
		const access_token = `access-${this.#made}`;
		const refresh_token = `refresh-${this.#made}`;
		this.#access.add(access_token);
		this.#refresh.add(refresh_token);
		return { access_token, refresh_token, id_token: "id", expires_in: 300, token_type: "Bearer" };
	}

	/** Tokens of somebody who has signed in on the page: the browser has the cookie. */
	signedIn() {
		const tokens = this.tokens();
		this.jar = tokens.refresh_token ?? null;
		return tokens;
	}

	/** Tokens as a page gets them: the refresh token as a cookie. */
	#asCookie({ refresh_token, ...said }: Schemas["Tokens"]) {
		if (this.jar !== undefined) {
			this.jar = refresh_token ?? null;
			return HttpResponse.json(said);
		}
		return HttpResponse.json(said, { headers: { "set-cookie": `__Host-refresh=${refresh_token}; Max-Age=2592000; ${RULES}` } });
	}

	/** Done, and the browser forgets the cookie. */
	#withoutCookie() {
		if (this.jar !== undefined) this.jar = null;
		const headers = this.jar === undefined ? { "set-cookie": `__Host-refresh=; Max-Age=0; ${RULES}` } : undefined;
		return new HttpResponse(null, { status: 204, ...(headers && { headers }) });
	}

	/** The refresh token that came: in the body, or as a cookie. */
	#came(request: Request, { refresh_token }: Schemas["Refresh"]) {
		return refresh_token ?? this.jar ?? /(?:^|; )__Host-refresh=([^;]+)/.exec(request.headers.get("cookie") ?? "")?.[1];
	}

	#deployed(): Schemas["Deployment"] {
		return { ...DEPLOYMENT, ...this.deployment };
	}

	/** As five minutes do. */
	endAccess() {
		this.#access.clear();
	}

	/** As a sign-out elsewhere does. */
	endSessions() {
		this.#access.clear();
		this.#refresh.clear();
	}

	handlers: RequestHandler[] = [
		http.all("*/v1/*", ({ request }) => {
			this.asked.push(`${request.method} ${new URL(request.url).pathname}`);
		}),
		http.post<never, Schemas["SignUp"]>("*/v1/auth/sign-up", async ({ request }) => {
			const { email, password } = await request.json();
			if (this.people.has(email)) return problem(409, "user_exists", "there is an account with this address already; sign in");
			if (password.length < 12) return wrongField("/password", "has at least 12 characters");
			this.people.set(email, { password, confirmed: false });
			return HttpResponse.json(made("SignedUp"), { status: 201 });
		}),
		http.post<never, Schemas["Confirm"]>("*/v1/auth/confirm", async ({ request }) => {
			const { email, code } = await request.json();
			const person = this.people.get(email);
			if (!person || code !== CODE) return wrongField("/code", "the code is not the one that was sent");
			person.confirmed = true;
			return HttpResponse.json(made("Confirmed"));
		}),
		http.post<never, Schemas["SignIn"]>("*/v1/auth/sign-in", async ({ request }) => {
			const { email, password, cookie } = await request.json();
			const person = this.people.get(email);
			if (person?.password !== password) return problem(401, "unauthorized", "the address or the password is wrong");
			if (!person.confirmed) return problem(403, "not_confirmed", "confirm the address first, with the code that was sent to it");
			return cookie ? this.#asCookie(this.tokens()) : HttpResponse.json(this.tokens());
		}),
		http.post<never, Schemas["Refresh"]>("*/v1/auth/refresh", async ({ request }) => {
			const body = await request.json();
			const spent = this.#came(request, body);
			if (!spent || !this.#refresh.delete(spent))
				return problem(401, "unauthorized", "sign in again: this refresh token is spent");
			return body.refresh_token ? HttpResponse.json(this.tokens()) : this.#asCookie(this.tokens());
		}),
		http.post<never, Schemas["SignOut"]>("*/v1/auth/sign-out", async ({ request }) => {
			const token = this.#came(request, await request.json());
			if (!token) return problem(401, "unauthorized", "sign in first: no refresh token came");
			this.#refresh.delete(token);
			return this.#withoutCookie();
		}),
		http.get("*/sign-in.json", () => HttpResponse.json({ google: this.google })),
		http.post<never, Schemas["Code"]>("*/v1/auth/code", async ({ request }) => {
			const { code, verifier, redirect_uri, cookie } = await request.json();
			const challenge = this.codes.get(code);
			this.codes.delete(code);
			const made = await challengeOf(verifier);
			if (challenge !== made || !redirect_uri.endsWith("/sign-in/google"))
				return problem(401, "unauthorized", "sign in again: this code is spent, too old, or of another sign-in");
			return cookie ? this.#asCookie(this.tokens()) : HttpResponse.json(this.tokens());
		}),
		http.post("*/v1/auth/resend", () => new HttpResponse(null, { status: 202 })),
		http.post("*/v1/auth/forgot", () => new HttpResponse(null, { status: 202 })),
		http.post<never, Schemas["Reset"]>("*/v1/auth/reset", async ({ request }) => {
			const { email, code, password } = await request.json();
			if (code !== CODE) return wrongField("/code", "the code is not the one that was sent");
			this.people.set(email, { password, confirmed: true });
			return new HttpResponse(null, { status: 204 });
		}),
		// All that follows is behind the gateway's authorizer, which answers in its own way.
		http.all("*/v1/*", ({ request }) => {
			const token = request.headers.get("authorization")?.replace("Bearer ", "") ?? "";
			if (!this.#access.has(token)) return HttpResponse.json({ message: "Unauthorized" }, { status: 401 });
		}),
		http.post("*/v1/socket/ticket", () =>
			this.socketUrl
				? HttpResponse.json({ ticket: "ticket-1", url: this.socketUrl, expires_in: 30 } satisfies Schemas["Ticket"])
				: problem(503, "unavailable", "there are no sockets"),
		),
		http.get("*/v1/changes", () => HttpResponse.json(this.missed)),
		http.get("*/v1/plan", ({ request }) => {
			const query = new URL(request.url).searchParams;
			const from = query.get("cursor") ? this.plans.findIndex(({ id }) => id === query.get("cursor")) + 1 : 0;
			const items = this.plans.slice(from, from + Number(query.get("limit") ?? 20));
			const last = items.at(-1);
			const next_cursor = last && from + items.length < this.plans.length ? last.id : null;
			return HttpResponse.json({ items, next_cursor } satisfies Schemas["Page_Plan"]);
		}),
		http.post("*/v1/plan", () => {
			const plan = made("Plan", {
				id: planId(this.plans.length),
				name: "plan",
				status: "not_deployed",
				version: 1,
				plan: content(),
			});
			this.plans.unshift(plan);
			return HttpResponse.json(plan, { status: 201, headers: { etag: '"1"' } });
		}),
		http.get("*/v1/plan/:id", ({ params }) => {
			const plan = this.plans.find(({ id }) => id === params.id);
			if (!plan) return problem(404, "not_found", "there is no such plan");
			return HttpResponse.json(plan, { headers: { etag: `"${plan.version}"` } });
		}),
		http.put<{ id: string }, Plan["plan"]>("*/v1/plan/:id", async ({ params, request }) => {
			const plan = this.plans.find(({ id }) => id === params.id);
			if (!plan) return problem(404, "not_found", "there is no such plan");
			if (request.headers.get("if-match") !== `"${plan.version}"`)
				return problem(412, "version_mismatch", "the plan was changed meanwhile");
			if (this.refusal) return wrongField(this.refusal.pointer, this.refusal.message);
			const sent = await request.json();
			if ((sent as { components?: unknown[] }).components?.length !== 1)
				return wrongField("/components", 'a plan holds exactly one component, of kind "postgres"');
			plan.plan = sent;
			plan.name = String((plan.plan as { name?: unknown }).name ?? plan.name);
			plan.version += 1;
			return HttpResponse.json(plan, { headers: { etag: `"${plan.version}"` } });
		}),
		http.get("*/v1/account", () =>
			HttpResponse.json({ items: this.accounts, next_cursor: null } satisfies Schemas["Page_Account"]),
		),
		http.post<never, Schemas["LinkAccount"]>("*/v1/account", async ({ request }) => {
			const { account_id, region, name } = await request.json();
			if (!/^[0-9]{12}$/.test(account_id)) return wrongField("/account_id", "must be the twelve digits of an AWS account");
			const known = this.accounts.find((account) => account.account_id === account_id);
			const account = known ?? Object.assign(this.link(account_id, name ?? account_id), { region });
			const forms = { template: TEMPLATE, template_terraform: "# main.tf", template_cli: "#!/bin/bash" };
			return HttpResponse.json({ ...account, ...forms } satisfies Schemas["LinkedAccount"], {
				status: known ? 200 : 201,
			});
		}),
		http.post("*/v1/account/:id/verify", ({ params }) => {
			const account = this.accounts.find(({ id }) => id === params.id);
			if (!account) return problem(404, "not_found", "there is no such account");
			Object.assign(
				account,
				this.roleIsMade ? { status: "verified", reason: null } : { status: "failed", reason: "the role can't be assumed" },
			);
			return HttpResponse.json({ ...account, missing: [] } satisfies Schemas["VerifiedAccount"]);
		}),
		http.post("*/v1/account/:id/reconcile", ({ params }) => {
			const account = this.accounts.find(({ id }) => id === params.id);
			if (!account) return problem(404, "not_found", "there is no such account");
			Object.assign(account.strays, { count: 0, monthly_cost: "0.00", currency: "USD", checked_at: new Date().toISOString() });
			Object.assign(account.strays, { items: [], ghosts: [] });
			return HttpResponse.json(account.strays);
		}),
		http.post("*/v1/account/:id/quick-create", ({ params }) =>
			HttpResponse.json({
				url: `https://ca-central-1.console.aws.amazon.com/cloudformation/home?region=ca-central-1#/stacks/quickcreate?stackName=${params.id}`,
				template_url: "https://media.s3.amazonaws.com/tmp/templates/a.json",
				expires_at: new Date(Date.now() + 1_800_000).toISOString(),
			} satisfies Schemas["QuickCreate"]),
		),
		http.delete("*/v1/account/:id", ({ params }) => {
			this.accounts = this.accounts.filter(({ id }) => id !== params.id);
			return new HttpResponse(null, { status: 204 });
		}),
		http.post("*/v1/plan/:id/preview", () => HttpResponse.json(preview())),
		http.get("*/v1/catalogue", () =>
			HttpResponse.json({
				...made("Choices"),
				currency: "USD",
				regions: ["ca-central-1", "eu-central-1"],
				machines: [{ name: "m7i.large", cpu: 2, memory_mib: 8192, architecture: "x86_64", burstable: false, hourly: "0.1" }],
			}),
		),
		http.post("*/v1/plan/:id/deploy", ({ params }) => {
			const plan = this.plans.find(({ id }) => id === params.id);
			if (!plan) return problem(404, "not_found", "there is no such plan");
			Object.assign(plan, { status: "deploying", reason: null, deployment_id: DEPLOYMENT.id });
			Object.assign(this.deployment, { status: "deploying", reason: null });
			return HttpResponse.json({ ...DEPLOYMENT, kind: "new" } satisfies Schemas["Deployed"], { status: 202 });
		}),
		http.get("*/v1/deployment/:id", () => HttpResponse.json(this.#deployed())),
		http.delete("*/v1/deployment/:id", ({ request }) => {
			const now = new URL(request.url).searchParams.get("now") === "true";
			const destroy_at = now ? null : new Date(Date.now() + 86_400_000).toISOString();
			Object.assign(this.deployment, { status: "destroying", destroy_at });
			return HttpResponse.json(this.#deployed(), { status: 202 });
		}),
		http.post("*/v1/deployment/:id/undelete", () => {
			Object.assign(this.deployment, { status: "changing", destroy_at: null });
			return HttpResponse.json(this.#deployed(), { status: 202 });
		}),
		http.post("*/v1/deployment/:id/cancel", () => {
			Object.assign(this.deployment, { status: "cancelling" });
			return HttpResponse.json(this.#deployed(), { status: 202 });
		}),
		http.get("*/v1/deployment/:id/connection", () => HttpResponse.json(CONNECTION)),
		http.post("*/v1/deployment/:id/connection/reveal", () =>
			HttpResponse.json({ user: "shop_admin", password: "a-secret" } satisfies Schemas["Login"]),
		),
		http.get("*/v1/deployment/:id/events", () =>
			HttpResponse.json({
				items: [{ id: "evt_1", at: "2026-11-21T12:00:00Z", kind: "step", message: "the machine is made", step: "machine" }],
				next_cursor: null,
			} satisfies Schemas["Page_Event"]),
		),
		http.get("*/v1/me", () =>
			HttpResponse.json({ id: "sub", email: PERSON.email, signed_in_at: "2026-11-21T05:00:00Z" } satisfies Schemas["Me"]),
		),
		http.delete("*/v1/me", () => {
			if (this.inUse)
				return problem(
					409,
					"in_use",
					`${this.inUse} still lives: DELETE /v1/deployment/${this.inUse}, and when it is gone try again`,
				);
			this.people.clear();
			this.endSessions();
			return this.#withoutCookie();
		}),
		http.post("*/v1/auth/sign-out-everywhere", () => {
			this.endSessions();
			return this.#withoutCookie();
		}),
		http.get("*/v1/audit", ({ request }) => {
			const query = new URL(request.url).searchParams;
			const subject = query.get("subject");
			const lines = this.audit.filter((line) => !subject || line.subject === subject);
			const from = Number(query.get("cursor") ?? 0);
			const to = from + Number(query.get("limit") ?? 20);
			const next_cursor = to < lines.length ? String(to) : null;
			return HttpResponse.json({ items: lines.slice(from, to), next_cursor } satisfies Schemas["Page_AuditLine"]);
		}),
		...documented(),
	];
}

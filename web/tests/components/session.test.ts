import { expect, test } from "vitest";
import { Session } from "../../src/api/session";

const tokens = (name: string) => ({ access_token: `access ${name}`, expires_in: 300 });

function session(answer: () => ReturnType<typeof tokens> | null = () => tokens("2")) {
	const clock = { now: 0 };
	const asked: string[] = [];
	const service = {
		async refresh() {
			asked.push("refresh");
			return answer();
		},
		async signOut() {
			asked.push("sign-out");
		},
	};
	const made = new Session(service, () => clock.now);
	made.take(tokens("1"));
	return { made, clock, asked, service };
}

test("an access token is used while it lives, and renewed shortly before its end", async () => {
	const { made, clock, asked } = session();
	clock.now = 269_000;
	expect(await made.access()).toBe("access 1");
	clock.now = 270_000;
	expect(await made.access()).toBe("access 2");
	expect(asked).toEqual(["refresh"]);
});

test("calls that come together spend the refresh token once", async () => {
	const { made, clock, asked } = session();
	clock.now = 400_000;
	expect(await Promise.all([made.access(), made.access(), made.renew()])).toEqual(["access 2", "access 2", true]);
	expect(asked).toHaveLength(1);
});

test("a refresh token that is no longer good ends the session, and those who listen are told", async () => {
	const { made, clock } = session(() => null);
	const heard: boolean[] = [];
	made.subscribe(() => heard.push(made.signedIn));
	clock.now = 400_000;
	expect(await made.access()).toBeNull();
	expect(heard).toEqual([false]);
});

test("a load goes on by the cookie, or finds that nobody is signed in", async () => {
	const { service } = session();
	const loaded = new Session(service);
	expect([await loaded.resume(), await loaded.access()]).toEqual([true, "access 2"]);
	expect(await new Session({ ...service, refresh: async () => null }).resume()).toBe(false);
});

test("a sign-out during a renewal is not undone by its answer", async () => {
	const { made, asked } = session();
	const renewal = made.renew();
	await Promise.all([made.signOut(), renewal]);
	expect(made.signedIn).toBe(false);
	expect(asked.at(-1)).toBe("sign-out");
});

test("a sign-out that could not be told holds all the same, and is told at the next load", async () => {
	const { made, service, asked } = session();
	const told = service.signOut;
	service.signOut = async () => {
		throw new Error("offline");
	};
	await made.signOut();
	service.signOut = told;
	const loaded = new Session(service);
	expect([await loaded.resume(), loaded.signedIn, asked]).toEqual([false, false, ["sign-out"]]);
	expect(await loaded.resume()).toBe(true);
});

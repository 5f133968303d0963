import { expect, test } from "vitest";
import { Session } from "../../src/api/session";

const tokens = (name: string) => ({
	access_token: `access ${name}`,
	refresh_token: `refresh ${name}`,
	id_token: "",
	expires_in: 300,
	token_type: "Bearer",
});

function session(answer: (spent: string) => ReturnType<typeof tokens> | null = () => tokens("2")) {
	const clock = { now: 0 };
	const spent: string[] = [];
	const made = new Session(
		async (refreshToken) => {
			spent.push(refreshToken);
			return answer(refreshToken);
		},
		() => clock.now,
	);
	made.take(tokens("1"));
	return { made, clock, spent };
}

test("an access token is used while it lives, and renewed shortly before its end", async () => {
	const { made, clock, spent } = session();
	clock.now = 269_000;
	expect(await made.access()).toBe("access 1");
	clock.now = 270_000;
	expect(await made.access()).toBe("access 2");
	expect(spent).toEqual(["refresh 1"]);
});

test("calls that come together spend the refresh token once", async () => {
	const { made, clock, spent } = session();
	clock.now = 400_000;
	expect(await Promise.all([made.access(), made.access(), made.renew()])).toEqual(["access 2", "access 2", true]);
	expect(spent).toHaveLength(1);
});

test("a refresh token that is no longer good ends the session, and those who listen are told", async () => {
	const { made, clock } = session(() => null);
	const heard: boolean[] = [];
	made.subscribe(() => heard.push(made.signedIn));
	clock.now = 400_000;
	expect(await made.access()).toBeNull();
	expect(heard).toEqual([false]);
});

test("a sign-out during a renewal is not undone by its answer", async () => {
	const { made } = session();
	const renewal = made.renew();
	made.end();
	await renewal;
	expect(made.signedIn).toBe(false);
});

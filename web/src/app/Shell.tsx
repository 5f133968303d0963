import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { session } from "../api/client";
import { useLive } from "../live/useLive";
import { Button } from "../ui/Button";
import { Logo } from "../ui/Logo";
import { SkeletonRows } from "../ui/Skeleton";
import { ThemeIcon } from "../ui/ThemeIcon";
import { switchTheme } from "../ui/theme";

function ThemeSwitch() {
	return (
		<Button kind="icon" aria-label="Switch between light and dark" onClick={switchTheme}>
			<ThemeIcon />
		</Button>
	);
}

/** After a change of page, keyboard and screen reader begin at the new page's content. */
export function Root() {
	const path = useRouterState({ select: ({ location }) => location.pathname });
	const last = useRef(path);
	useEffect(() => {
		if (last.current === path) return;
		last.current = path;
		document.getElementById("content")?.focus();
	}, [path]);
	return (
		<>
			<a className="skip" href="#content">
				Skip to the content
			</a>
			<Outlet />
		</>
	);
}

/** Where nobody is known yet. */
function Bar() {
	return (
		<header className="bar">
			<Logo />
			<nav aria-label="Main">
				<ThemeSwitch />
			</nav>
		</header>
	);
}

export function Entry() {
	return (
		<>
			<Bar />
			<main className="entry" id="content" tabIndex={-1}>
				<Outlet />
			</main>
		</>
	);
}

/** In a page's place, until it is there. */
export const Waiting = () => (
	<>
		<h1 className="visually-hidden">One moment</h1>
		<SkeletonRows rows={4} label="The page is on its way" />
	</>
);

/** The same, until it is known who is there. */
export function WaitingOutside() {
	return (
		<>
			<Bar />
			<main className="page" id="content">
				<Waiting />
			</main>
		</>
	);
}

export function Shell() {
	const navigate = useNavigate();
	const leaving = useRef(false);
	useLive();

	// A session that has ended by itself, or in another tab, in the middle of something.
	useEffect(
		() =>
			session.subscribe(() => {
				if (session.signedIn || leaving.current) return;
				const to = location.pathname + location.search;
				void navigate({ to: "/sign-in", search: { to, after: session.why } });
			}),
		[navigate],
	);

	async function leave() {
		leaving.current = true;
		const told = session.signOut();
		await navigate({ to: "/sign-in", search: { after: "out" } });
		await told;
	}

	return (
		<>
			<header className="bar">
				<Logo href="/dashboard" />
				<nav aria-label="Main">
					<Link to="/dashboard">Plans</Link>
					<Link to="/account">Cloud accounts</Link>
					<Link to="/profile">Profile</Link>
					<Button kind="quiet" onClick={leave}>
						Sign out
					</Button>
					<ThemeSwitch />
				</nav>
			</header>
			<main className="page" id="content" tabIndex={-1}>
				<Outlet />
			</main>
		</>
	);
}

import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { session } from "../api/client";
import type { Return } from "../pages/auth/google";
import { isSaid, type Said } from "../pages/auth/said";
import { Broken, Missing } from "./Missing";
import { Entry, Root, Shell, Waiting, WaitingOutside } from "./Shell";

const root = createRootRoute({ component: Root, notFoundComponent: Missing, errorComponent: Broken });

/** Where nobody has to be signed in. */
const entry = createRoute({ getParentRoute: () => root, id: "entry", component: Entry });

interface SignInSearch {
	/** Where the person was going; a path of ours. */
	to?: string | undefined;
	/** What has just happened. */
	after?: Said | undefined;
}

const signIn = createRoute({
	getParentRoute: () => entry,
	path: "/sign-in",
	validateSearch: ({ to, after }: Record<string, unknown>): SignInSearch => ({
		// Both are named always: what is left out here would stay as it stands in the address. Of addresses, paths alone are taken:
		// "//elsewhere" and "/\\elsewhere" lead to other sites.
		to: typeof to === "string" && /^\/(?![/\\])/.test(to) ? to : undefined,
		after: isSaid(after) ? after : undefined,
	}),
	component: lazyRouteComponent(() => import("../pages/auth/SignIn")),
});

const word = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : undefined);

const googleReturn = createRoute({
	getParentRoute: () => entry,
	path: "/sign-in/google",
	validateSearch: ({ code, state, error }: Record<string, unknown>): Return => ({
		code: word(code),
		state: word(state),
		error: word(error),
	}),
	component: lazyRouteComponent(() => import("../pages/auth/GoogleReturn")),
});

const entries = [
	signIn,
	googleReturn,
	createRoute({
		getParentRoute: () => entry,
		path: "/sign-up",
		component: lazyRouteComponent(() => import("../pages/auth/SignUp")),
	}),
	createRoute({
		getParentRoute: () => entry,
		path: "/confirm",
		component: lazyRouteComponent(() => import("../pages/auth/Confirm")),
	}),
	createRoute({
		getParentRoute: () => entry,
		path: "/forgot",
		component: lazyRouteComponent(() => import("../pages/auth/Forgot")),
	}),
	createRoute({
		getParentRoute: () => entry,
		path: "/reset",
		component: lazyRouteComponent(() => import("../pages/auth/Reset")),
	}),
];

/** Where somebody has to be signed in; others are sent to do so, and come back. */
const inside = createRoute({
	getParentRoute: () => root,
	id: "inside",
	component: Shell,
	pendingComponent: WaitingOutside,
	beforeLoad: async ({ location }) => {
		if (!(await session.resume())) throw redirect({ to: "/sign-in", search: { to: location.href } });
	},
});

const insides = [
	createRoute({
		getParentRoute: () => inside,
		path: "/dashboard",
		validateSearch: ({ q }: Record<string, unknown>): { q?: string | undefined } => ({
			q: typeof q === "string" ? q : undefined,
		}),
		component: lazyRouteComponent(() => import("../pages/dashboard/Dashboard")),
	}),
	createRoute({
		getParentRoute: () => inside,
		path: "/account",
		component: lazyRouteComponent(() => import("../pages/accounts/Accounts")),
	}),
	createRoute({
		getParentRoute: () => inside,
		path: "/account/link",
		validateSearch: ({
			account,
			region,
		}: Record<string, unknown>): { account?: string | undefined; region?: string | undefined } => ({
			// A number in an address is read as one.
			account: typeof account === "string" || typeof account === "number" ? String(account).padStart(12, "0") : undefined,
			region: typeof region === "string" ? region : undefined,
		}),
		component: lazyRouteComponent(() => import("../pages/accounts/LinkAccount")),
	}),
	createRoute({
		getParentRoute: () => inside,
		path: "/profile",
		component: lazyRouteComponent(() => import("../pages/profile/Profile")),
	}),
	createRoute({
		getParentRoute: () => inside,
		path: "/plan/new",
		component: lazyRouteComponent(() => import("../pages/plan/NewPlan")),
	}),
	createRoute({
		getParentRoute: () => inside,
		path: "/plan/$planId",
		component: lazyRouteComponent(() => import("../pages/plan/Editor")),
	}),
	createRoute({
		getParentRoute: () => inside,
		path: "/deployment/$deploymentId",
		component: lazyRouteComponent(() => import("../pages/deployment/DeploymentPage")),
	}),
] as const;

export function makeRouter() {
	return createRouter({
		routeTree: root.addChildren([entry.addChildren(entries), inside.addChildren(insides)]),
		defaultPreload: "intent",
		defaultPendingComponent: Waiting,
		// Most pages are there before: no rows flash up for them.
		defaultPendingMs: 150,
		defaultPendingMinMs: 200,
		scrollRestoration: false,
	});
}

declare module "@tanstack/react-router" {
	interface Register {
		router: ReturnType<typeof makeRouter>;
	}
}

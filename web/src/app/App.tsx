import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { session } from "../api/client";
import { Failed } from "../api/problem";
import { makeRouter } from "./router";

/** Only what may go better next time is asked again: no answer, or one that says so. */
const mayPass = (error: unknown) => error instanceof Failed && (error.status === 0 || error.status >= 500);

export function makeQueryClient() {
	return new QueryClient({
		defaultOptions: {
			queries: { retry: (count, error) => count < 2 && mayPass(error), staleTime: 5_000 },
			mutations: { retry: false },
		},
	});
}

export function App() {
	const [router] = useState(makeRouter);
	const [client] = useState(makeQueryClient);
	// What one person was shown is not the next one's.
	useEffect(
		() =>
			session.subscribe(() => {
				if (!session.signedIn) client.clear();
			}),
		[client],
	);
	return (
		<QueryClientProvider client={client}>
			<RouterProvider router={router} />
		</QueryClientProvider>
	);
}

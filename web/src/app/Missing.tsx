import { ErrorNotice } from "../ui/Notice";

export function Missing() {
	return (
		<main className="page" id="content">
			<h1>There is no such page</h1>
			<p>
				The address may be mistyped, or what it showed may be gone. Go to <a href="/dashboard">your plans</a>, or to{" "}
				<a href="/">the beginning</a>.
			</p>
		</main>
	);
}

export function Broken({ error }: { error: unknown }) {
	return (
		<main className="page" id="content">
			<h1>This page could not be shown</h1>
			<ErrorNotice error={error} />
			<p>
				<a href="/dashboard">Go to your plans</a>
			</p>
		</main>
	);
}

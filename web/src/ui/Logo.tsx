/** The mark and the name; a link to where the reader's beginning is. */
export function Logo({ href = "/" }: { href?: string }) {
	return (
		<a className="logo" href={href}>
			<svg viewBox="0 0 32 32" aria-hidden="true">
				<path d="M15 3v19H4C8 17 13 11 15 3Z" fill="currentColor" />
				<path d="M17 9c5 3 9 8 10 13H17Z" fill="var(--sun)" />
				<path
					d="M3 26c4.300 3 8.700 3 13 0s8.700-3 13 0"
					fill="none"
					stroke="var(--sea)"
					strokeWidth="2.500"
					strokeLinecap="round"
				/>
			</svg>
			Cloudsail
		</a>
	);
}

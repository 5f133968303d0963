/** Has the browser save a file that was made in the page. */
export function save(name: string, type: string, content: BlobPart) {
	const address = URL.createObjectURL(new Blob([content], { type }));
	Object.assign(document.createElement("a"), { href: address, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

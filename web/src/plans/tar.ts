const BLOCK = 512;

interface Entry {
	path: string;
	content: string;
}

/** Files as one archive in the form that POSIX calls ustar: 512 bytes that say what comes, then what comes, filled up to the next 512. */
export function tar(entries: Entry[]): Uint8Array<ArrayBuffer> {
	const encoder = new TextEncoder();
	const blocks = entries.flatMap(({ path, content }) => {
		const body = encoder.encode(content);
		return [header(encoder.encode(path), body.length), filled(body)];
	});
	const whole = new Uint8Array(blocks.reduce((size, block) => size + block.length, 2 * BLOCK)); // it ends with two empty blocks
	let offset = 0;
	for (const block of blocks) {
		whole.set(block, offset);
		offset += block.length;
	}
	return whole;
}

function filled(body: Uint8Array): Uint8Array {
	const block = new Uint8Array(Math.ceil(body.length / BLOCK) * BLOCK);
	block.set(body);
	return block;
}

function header(path: Uint8Array, size: number): Uint8Array {
	if (path.length > 100) throw new Error("a path in an archive has 100 bytes at most");
	const block = new Uint8Array(BLOCK);
	const text = (at: number, value: string) => block.set(new TextEncoder().encode(value), at);
	const octal = (at: number, length: number, value: number) => text(at, `${value.toString(8).padStart(length - 1, "0")}\0`);
	block.set(path, 0);
	octal(100, 8, 0o644); // mode
	octal(108, 8, 0); // owner
	octal(116, 8, 0); // group
	octal(124, 12, size);
	octal(136, 12, 0); // changed when: the same files are the same archive
	text(148, "        "); // the sum is taken with spaces in its place
	text(156, "0"); // a plain file
	text(257, "ustar\x0000");
	octal(
		148,
		7,
		block.reduce((sum, byte) => sum + byte, 0),
	);
	return block;
}

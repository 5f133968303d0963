import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(cleanup);

// What is waited for comes as soon as it is there; this only ends the wait of a test that fails, on a busy machine too.
configure({ asyncUtilTimeout: 15_000 });

/** jsdom has no view: all is seen. */
globalThis.IntersectionObserver = class implements IntersectionObserver {
	readonly root = null;
	readonly rootMargin = "";
	readonly scrollMargin = "";
	readonly thresholds = [];
	constructor(private readonly seen: IntersectionObserverCallback) {}
	observe(target: Element) {
		this.seen([{ isIntersecting: true, target } as IntersectionObserverEntry], this);
	}
	unobserve() {}
	disconnect() {}
	takeRecords = () => [];
};

// It has no width either, nor the sizes that a drawing is made of: the page is as on a phone. Tests in a browser try the canvas.
window.matchMedia = (media) =>
	({ media, matches: media.includes("max-width"), addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;

// What jsdom leaves out of dialogs and of addresses in memory.
HTMLDialogElement.prototype.showModal = function () {
	this.open = true;
};
HTMLDialogElement.prototype.close = function () {
	this.open = false;
	this.dispatchEvent(new Event("close"));
};
URL.createObjectURL = () => "blob:made";
URL.revokeObjectURL = () => undefined;
window.scrollTo = () => undefined;

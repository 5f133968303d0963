import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Puts the landing page's first view into index.html while developing; tools/prerender.mjs does so after a build. */
function firstView(): Plugin {
	return {
		name: "first-view",
		apply: "serve",
		async transformIndexHtml(html, { server, filename }) {
			if (!server || !filename.endsWith("/index.html")) return html;
			const { render } = await server.ssrLoadModule("/src/landing/render.tsx");
			return html.replace("<!--page-->", render());
		},
	};
}

/** The app's pages are app.html, as the CDN's function has it. */
function appPages(): Plugin {
	return {
		name: "app-pages",
		configureServer(server) {
			server.middlewares.use((request, _response, next) => {
				const path = request.url?.split("?")[0] ?? "/";
				const last = path.slice(path.lastIndexOf("/") + 1);
				const own = path.startsWith("/@") || path.startsWith("/v1/") || path.startsWith("/node_modules/");
				if (path !== "/" && !last.includes(".") && !own) request.url = "/app.html";
				next();
			});
		},
	};
}

export default defineConfig({
	plugins: [react(), firstView(), appPages()],
	appType: "mpa",
	// The schema of plans is the API's own file.
	server: { fs: { allow: [".", "../shared/domain"] }, proxy: process.env.API_URL ? { "/v1": process.env.API_URL } : {} },
	build: {
		outDir: "../.local/build/web",
		emptyOutDir: true,
		manifest: true,
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		rollupOptions: { input: ["index.html", "app.html"] },
	},
	test: {
		environment: "jsdom",
		testTimeout: 60_000,
		include: ["tests/components/**/*.test.{ts,tsx}"],
		setupFiles: ["tests/components/setup.ts"],
	},
});

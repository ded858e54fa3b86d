import react from "@vitejs/plugin-react";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

/** The API server for the development server. */
const server = loadEnv("", ".", "BREAKWATER_").BREAKWATER_URL ?? "http://127.0.0.1:8000";

// The server embeds the files and identifies builds by their ETags. Lazily loaded parts have hashed names in addition: a page that is
// open during an update must not load a part of another version.
export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": "/src" } },
  base: "./",
  // All addresses are relative, so that the page works below any BASE_PATH: the files are in app/ beside the page.
  experimental: { renderBuiltUrl: (name, { hostType }) => (hostType === "html" ? `./app/${name}` : { relative: true }) },
  build: {
    emptyOutDir: true,
    assetsDir: "",
    cssCodeSplit: false,
    modulePreload: false,
    rollupOptions: {
      // Comments of zod mention the annotation for other bundlers.
      onwarn: (warning, warn) => (warning.code === "INVALID_ANNOTATION" && warning.id?.includes("/zod/") === true ? undefined : warn(warning)),
      output: { entryFileNames: "app.js", chunkFileNames: "[name]-[hash].js", assetFileNames: "app[extname]" },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ["/auth", "/device", "/admin", "/alert", "/webhooks", "/readings", "/healthz", "/openapi.json", "/asyncapi.json", "/docs", "/live"].map((path) => [
        path,
        { target: server, changeOrigin: true, ws: path === "/live", rewriteWsOrigin: true },
      ]),
    ),
  },
  test: { include: ["src/**/*.test.ts"], setupFiles: "vitest.setup.ts" },
});

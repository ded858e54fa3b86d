import react from "@vitejs/plugin-react";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

/** Where `npx vite` finds the API. */
const server = loadEnv("", ".", "BREAKWATER_").BREAKWATER_URL ?? "http://127.0.0.1:8000";

// The server embeds the files, and its ETags tell one build from another. Parts that are loaded later have hashes all the same: a
// page that is open while the server gets a new version must not take a part that doesn't fit it.
export default defineConfig({
  plugins: [react()],
  base: "./",
  // The page is at the server's own address, wherever a proxy shows that, and its files are in app/ beside it. These find each other.
  experimental: { renderBuiltUrl: (name, { hostType }) => (hostType === "html" ? `./app/${name}` : { relative: true }) },
  build: {
    emptyOutDir: true,
    assetsDir: "",
    cssCodeSplit: false,
    modulePreload: false,
    rollupOptions: {
      output: { entryFileNames: "app.js", chunkFileNames: "[name]-[hash].js", assetFileNames: "app[extname]" },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ["/auth", "/devices", "/device", "/admin", "/alerts", "/alert-rules", "/webhooks", "/readings.csv", "/docs", "/live"].map((path) => [
        path,
        { target: server, changeOrigin: true, ws: path === "/live", rewriteWsOrigin: true },
      ]),
    ),
  },
  test: { include: ["src/**/*.test.ts"], setupFiles: "vitest.setup.ts" },
});

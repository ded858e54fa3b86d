import react from "@vitejs/plugin-react";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

/** Where `npx vite` finds the API. */
const server = loadEnv("", ".", "BREAKWATER_").BREAKWATER_URL ?? "http://127.0.0.1:8000";

// Names without hashes: the server embeds the files, and its ETags tell one build from another.
export default defineConfig({
  plugins: [react()],
  base: "/app/",
  build: {
    emptyOutDir: true,
    assetsDir: "",
    cssCodeSplit: false,
    modulePreload: false,
    rollupOptions: {
      output: { entryFileNames: "app.js", chunkFileNames: "[name].js", assetFileNames: "app[extname]", inlineDynamicImports: true },
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
  test: { include: ["src/**/*.test.ts"] },
});

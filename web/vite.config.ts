import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

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
  server: { proxy: { "/auth": "http://127.0.0.1:8000", "/devices": "http://127.0.0.1:8000", "/live": { target: "ws://127.0.0.1:8000", ws: true } } },
  test: { include: ["src/**/*.test.ts"] },
});

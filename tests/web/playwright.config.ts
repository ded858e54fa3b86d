import { execFileSync } from "node:child_process";
import { cpus } from "node:os";

import { defineConfig } from "@playwright/test";

/** From Debian's package chromium. */
const executablePath = process.env.BREAKWATER_CHROMIUM ?? execFileSync("which", ["chromium"], { encoding: "utf8" }).trim();
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

export default defineConfig({
  testDir: "flows",
  outputDir: "../../build/browser",
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  workers: Math.max(2, cpus().length),
  reporter: "list",
  // Flows wait for conditions. These timeouts only bound failing flows on a busy machine.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  use: {
    locale: "en-US",
    timezoneId: "Europe/Warsaw",
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath,
      chromiumSandbox: false, // root in a container can't use the sandbox
      args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
  projects: [
    { name: "light", use: { ...desktop, colorScheme: "light" } },
    // Only the flows in which colours matter: contrast, charts, pictures.
    { name: "dark", testMatch: /(accessibility|device-charts|images|preferences)\.spec\.ts$/, use: { ...desktop, colorScheme: "dark" } },
    { name: "phone", use: { ...phone, colorScheme: "light" }, grep: /@phone/ },
  ],
});

import { afterEach, expect, it, vi } from "vitest";

import { baseOf } from "./base";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

it("derives the base path from the page's path", () => {
  expect(["/", "/breakwater/", "/iot/fleet/", "/breakwater/index.html"].map(baseOf)).toEqual(["", "/breakwater", "/iot/fleet", "/breakwater"]);
});

it("adds the base path to addresses and to names of shared storage", async () => {
  vi.resetModules();
  vi.stubGlobal("location", { pathname: "/breakwater/", origin: "https://example.org" });
  const { addressOf, ownName, serverAddress } = await import("./base");
  expect([addressOf("/auth/login"), serverAddress(), ownName("breakwater.refresh")]).toEqual(["/breakwater/auth/login", "https://example.org/breakwater", "breakwater.refresh/breakwater"]);
});

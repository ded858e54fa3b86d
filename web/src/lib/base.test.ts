import { afterEach, expect, it, vi } from "vitest";

import { baseOf } from "./base";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

it("takes from the page's address what is in front of the server's", () => {
  expect(["/", "/breakwater/", "/iot/fleet/", "/breakwater/index.html"].map(baseOf)).toEqual(["", "/breakwater", "/iot/fleet", "/breakwater"]);
});

it("keeps everything of this server's behind its path", async () => {
  vi.resetModules();
  vi.stubGlobal("location", { pathname: "/breakwater/", origin: "https://example.org" });
  const { addressOf, ownName, serverAddress } = await import("./base");
  expect([addressOf("/auth/login"), serverAddress(), ownName("breakwater.refresh")]).toEqual(["/breakwater/auth/login", "https://example.org/breakwater", "breakwater.refresh/breakwater"]);
});

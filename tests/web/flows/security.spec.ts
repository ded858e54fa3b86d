import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { type Schemas, firstAdmin } from "../support/api";
import { expect, signIn, test, toast } from "../support/test";

const rows = (page: Page) => page.getByRole("grid", { name: "Security log" }).getByRole("row").filter({ has: page.getByRole("gridcell") });

test("new events appear in the log at once @phone", async ({ page, api }) => {
  await signIn(page, firstAdmin, "/#/security");
  await expect(rows(page).first()).toBeVisible();
  await expect(page.getByText("Removal of old data is on hold")).toHaveCount(0);
  await api.register({ email: "grace@example.com", password: "nanosecond wires by the foot" });
  await expect(rows(page).filter({ hasText: "Account registered" })).toBeVisible();
});

test("the log is filtered, and an event shows its details", async ({ page, api, ada }) => {
  await expect(api.signIn({ ...ada, password: "incorrect horse" })).rejects.toThrow("401");
  await (await api.signIn(ada)).device("Roof station");
  await signIn(page, firstAdmin, "/#/security");
  const filters = page.getByRole("search", { name: "Filters" });
  await filters.getByLabel("Event").selectOption("Sign-in");
  await filters.getByLabel("Outcome").selectOption("Denied");
  await expect(rows(page)).toHaveCount(1);
  await rows(page).getByRole("button").click();
  const drawer = page.getByRole("dialog", { name: "Sign-in" });
  await expect(drawer).toContainText("POST /auth/login");
  await expect(drawer).toContainText("127.0.0.1");
  await drawer.getByRole("button", { name: "All events of this type" }).click();
  await expect(drawer).toBeHidden();
  await expect.poll(() => rows(page).count()).toBeGreaterThan(2);
  await expect(rows(page).filter({ hasText: "Device created" })).toHaveCount(0);
  await filters.getByRole("button", { name: "Clear filters" }).click();
  await expect(rows(page).filter({ hasText: "Device created" })).toHaveCount(1);
});

test("a drill is recorded and marked as one", async ({ page }) => {
  await signIn(page, firstAdmin, "/#/security");
  await page.getByRole("button", { name: "Drill" }).click();
  const form = page.getByRole("dialog", { name: "Simulate an incident" });
  await form.getByRole("radio", { name: "A request without a token" }).check();
  await form.getByLabel("Note").fill("Exercise 7");
  await form.getByRole("button", { name: "Start the drill" }).click();
  await expect(toast(page, "The drill was recorded.")).toBeVisible();
  const drill = rows(page).filter({ hasText: "Exercise 7" });
  await expect(drill).toContainText("Request without a token");
  await expect(drill).toContainText("Drill");
});

test("all matching events are exported, over several pages", async ({ page, admin, api, ada }) => {
  const adaApi = await api.signIn(ada);
  for (let n = 0; n < 105; ++n) await adaApi.device(`Device ${n}`);
  const events = await admin.call<Schemas["SecurityEvent"][]>("GET", "/admin/security-events?event_type=device_create&limit=500");
  expect(events.length).toBe(105);
  await signIn(page, firstAdmin, "/#/security");
  await page.getByRole("search", { name: "Filters" }).getByLabel("Event").selectOption("Device created");
  await expect(page.getByText(/^\d+ events( so far)?$/)).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export CSV" }).click()]);
  await expect(toast(page, "105 events exported.")).toBeVisible();
  const [header, ...lines] = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  expect(header).toContain("event_type");
  expect(lines.length).toBe(105);
  expect(lines.every((line) => line.includes("device_create"))).toBe(true);
});

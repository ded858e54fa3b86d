import type { Locator, Page } from "@playwright/test";

import { firstAdmin } from "../support/api";
import { expect, signIn, test, toast } from "../support/test";

const rows = (page: Page) => page.getByRole("grid", { name: "Alerts" }).getByRole("row").filter({ has: page.getByRole("gridcell") });
const open = async (page: Page, rule: string): Promise<Locator> => {
  await rows(page).getByRole("button", { name: rule }).click();
  return page.getByRole("dialog", { name: rule });
};

test("a reading raises an alert, which is shown at once, acknowledged and resolved @phone", async ({ page, api, ada, isMobile }) => {
  const adaApi = await api.signIn(ada);
  const roof = await adaApi.device("Roof station");
  await signIn(page, ada);
  await (await api.asDevice(roof)).sendReading({ metrics: { temperature_c: 48.5 } });
  await toast(page, "Warning: Frost or heat outdoors – Roof station").waitFor();
  await page.getByRole("status", { name: "Notifications" }).getByRole("link", { name: "Show alerts" }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("48.5");
  if (!isMobile) await expect(page.getByRole("navigation").getByRole("link", { name: /Alerts/ })).toContainText("1");

  const drawer = await open(page, "Frost or heat outdoors");
  await expect(drawer).toContainText("Not acknowledged yet");
  await drawer.getByLabel("Note").fill("On my way");
  await drawer.getByRole("button", { name: "Acknowledge" }).click();
  await expect(drawer).toContainText("Acknowledged by ada@example.com");
  await expect(drawer).toContainText("On my way");
  await drawer.getByLabel("Note").fill("The sun shone on it");
  await drawer.getByRole("button", { name: "Resolve" }).click();
  await expect(drawer).toContainText("Resolved by ada@example.com");
  await drawer.getByRole("button", { name: "Close" }).click();

  await expect(rows(page)).toHaveCount(0);
  await expect(page.getByText("All is well: there are no unresolved alerts.")).toBeVisible();
  await page.getByRole("button", { name: "Show all alerts" }).click();
  await expect(rows(page)).toContainText("Resolved");
});

test("an alert that was resolved elsewhere leaves the list", async ({ page, api, ada }) => {
  const adaApi = await api.signIn(ada);
  const lock = await adaApi.device("Front door", "smart_lock");
  await signIn(page, ada, "/#/alerts");
  const device = await api.asDevice(lock);
  await device.sendReading({ status: "locked", battery_pct: 9, jam_detected: false });
  await expect(rows(page)).toContainText("Lock's battery is low");
  await adaApi.call("POST", `/alerts/${(await adaApi.call<{ id: number }[]>("GET", "/alerts"))[0]?.id ?? 0}/resolve`, { note: null });
  await expect(rows(page)).toHaveCount(0);
});

test("many alerts are resolved at once", async ({ page, api, ada }) => {
  const adaApi = await api.signIn(ada);
  for (const name of ["North", "South", "West"]) await (await api.asDevice(await adaApi.device(name))).sendReading({ metrics: { temperature_c: 50 } });
  await signIn(page, ada, "/#/alerts");
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole("checkbox", { name: /Frost or heat outdoors, North/ }).check();
  await page.getByRole("button", { name: "Select all", exact: true }).click();
  await page.getByRole("button", { name: "Resolve", exact: true }).click();
  await page.getByRole("dialog", { name: "Resolve 3 alerts?" }).getByRole("button", { name: "Resolve" }).click();
  await expect(toast(page, "3 alerts resolved.")).toBeVisible();
  await expect(rows(page)).toHaveCount(0);
});

test("a rule blocks a device, and its owner releases it as the rule allows", async ({ page, api, admin, ada }) => {
  await admin.call("POST", "/alert-rules", {
    name: "Roof station tampered with", severity: "critical", category: "weather_station", kind: "field", field: "metrics.temperature_c", test: "above", high: 60, quarantine: true, owner_may_release: true,
  });
  const adaApi = await api.signIn(ada);
  const roof = await adaApi.device("Roof station");
  const device = await api.asDevice(roof);
  await signIn(page, ada, "/#/alerts");
  await device.sendReading({ metrics: { temperature_c: 99 } });
  const drawer = await open(page, "Roof station tampered with");
  await expect(drawer).toContainText("The device is blocked");
  await expect(device.sendReading({})).rejects.toThrow(/→ 40[13]/);
  await expect(api.asDevice(roof)).rejects.toThrow("403");

  await drawer.getByRole("button", { name: "Release from quarantine" }).click();
  await page.getByRole("dialog", { name: "Release Roof station?" }).getByRole("button", { name: "Release from quarantine" }).click();
  await expect(drawer).toContainText("The device is no longer blocked.");
  await api.asDevice(roof);
});

test("an administrator sees everybody's alerts, others only their own", async ({ page, api, ada, elsewhere }) => {
  const adaApi = await api.signIn(ada);
  await (await api.asDevice(await adaApi.device("Roof station"))).sendReading({ metrics: { temperature_c: 50 } });
  const grace = { email: "grace@example.com", password: "nanosecond wires by the foot" };
  await api.register(grace);
  await signIn(page, firstAdmin, "/#/alerts");
  await expect(rows(page)).toContainText("Roof station");
  const gracePage = await elsewhere();
  await signIn(gracePage, grace, "/#/alerts");
  await expect(gracePage.getByText("All is well: there are no unresolved alerts.")).toBeVisible();
});

import type { Page } from "@playwright/test";

import { firstAdmin } from "../support/api";
import { expectAccessible } from "../support/axe";
import { day, minute, importHistory, weather } from "../support/history";
import { expect, signIn, test } from "../support/test";

const close = async (page: Page) => {
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
};

test("signing in and creating an account @phone", async ({ page, watch }) => {
  watch.allow(/POST \/auth\/login → 401/);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expectAccessible(page, "sign in");
  await page.getByLabel("E-mail").fill("nobody@example.com");
  await page.getByLabel("Password", { exact: true }).fill("wrong password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "sign in, refused");
  await page.getByRole("button", { name: "No account yet? Create one" }).click();
  await expectAccessible(page, "register");
});

test("the fleet, and the wizard @phone", async ({ page, ada, api }) => {
  const adaApi = await api.signIn(ada);
  await signIn(page, ada);
  await expectAccessible(page, "fleet without devices");
  for (const category of ["weather_station", "indoor_thermometer", "ip_camera", "air_quality", "smart_lock"]) await adaApi.device(`One ${category}`, category);
  await expect(page.getByRole("rowheader")).toHaveCount(5);
  await expectAccessible(page, "fleet");
  await page.getByRole("button", { name: "Account and settings" }).click();
  await expect(page.getByText("Sign out everywhere")).toBeVisible();
  await expectAccessible(page, "account menu");
  await close(page);
  await page.getByRole("button", { name: "Add a device" }).click();
  await expect(page.getByRole("radio", { name: /Smart lock/ })).toBeVisible();
  await expectAccessible(page, "wizard");
  await page.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByText("The secret is shown only once")).toBeVisible();
  await expectAccessible(page, "wizard, the secret");
});

test("selected devices, and the confirmation", async ({ page, ada, api }) => {
  const adaApi = await api.signIn(ada);
  for (const name of ["Attic", "Cellar"]) await adaApi.device(name);
  await signIn(page, ada);
  await page.getByRole("checkbox", { name: "Select all shown devices" }).click();
  await expectAccessible(page, "fleet, selected");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page, "fleet, deleting");
});

test("a device @phone", async ({ page, server, admin, isMobile }) => {
  const roof = await admin.device("Roof station");
  const lock = await admin.device("Front door", "smart_lock");
  await (await admin.asDevice(lock)).sendReading({ metrics: { battery_pct: 80 } });
  const now = Date.now();
  await importHistory(server, [{ device: roof, since: now - 2 * day, until: now, interval: 10 * minute, payloadAt: (at) => weather(at) }]);
  await signIn(page, firstAdmin, `/#/devices/${roof.device_id}`);
  await page.getByText("Day", { exact: true }).click();
  await expect(page.getByRole("region", { name: "temperature", exact: true }).getByRole("img")).toHaveAccessibleName(/lowest/);
  await expectAccessible(page, "device, charts");
  await page.getByRole("radiogroup", { name: "View" }).getByText("Table").click();
  await expect(page.getByRole("columnheader", { name: "temperature (°C)" })).toBeVisible();
  await expectAccessible(page, "device, table");
  for (const [tab, content] of [
    ["Readings", page.locator(".readings > li").first()],
    ["Security events", page.getByText("Events of the audit log about this device")],
    ["Details and limits", page.getByRole("heading", { name: "Limits" })],
  ] as const) {
    await page.getByRole("tab", { name: tab }).click();
    await expect(content).toBeVisible();
    await expectAccessible(page, `device, ${tab}`);
  }
  await page.getByRole("button", { name: "Actions", exact: true }).click();
  await expect(page.getByRole("menuitem", { name: "Delete …" })).toBeVisible();
  await expectAccessible(page, "device, menu");
  await page.getByRole("menuitem", { name: "Delete …" }).click();
  await expectAccessible(page, "device, deleting");
  await close(page);
  if (isMobile) return;
  await page.goto(`/#/devices/${lock.device_id}`);
  await page.getByRole("tab", { name: "Charts" }).click();
  await page.getByRole("radiogroup", { name: "View" }).getByText("Charts").click();
  await expect(page.getByRole("region", { name: "battery" })).toBeVisible();
  await expectAccessible(page, "device, states");
});

test("accounts @phone", async ({ page, ada }) => {
  await signIn(page, firstAdmin, "/#/users");
  await expect(page.getByRole("cell", { name: /^ada@example.com/ })).toBeVisible();
  await expectAccessible(page, "users");
  await page.getByRole("button", { name: "Add a user" }).click();
  await expectAccessible(page, "users, adding");
  await close(page);
  await page.getByRole("button", { name: `Actions for ${ada.email}` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expectAccessible(page, "users, deleting");
});

test("alerts and rules @phone", async ({ page, api, ada }) => {
  const adaApi = await api.signIn(ada);
  const roof = await adaApi.device("Roof station");
  await (await api.asDevice(roof)).sendReading({ metrics: { temperature_c: 48 } });
  await signIn(page, firstAdmin, "/#/alerts");
  const alert = page.getByRole("button", { name: "Frost or heat outdoors" });
  await expect(alert).toBeVisible();
  await expectAccessible(page, "alerts");
  await alert.click();
  await expect(page.getByText("Timeline of the alert")).toBeVisible();
  await expectAccessible(page, "alerts, one");
  await close(page);
  await page.getByRole("checkbox", { name: /Frost or heat outdoors/ }).check();
  await expectAccessible(page, "alerts, selected");
  await page.goto("/#/rules");
  await expect(page.getByText("Frost or heat outdoors")).toBeVisible();
  await expectAccessible(page, "rules");
  await page.getByRole("button", { name: "Add a rule" }).click();
  await expectAccessible(page, "rules, a new one");
  await page.getByRole("button", { name: "Create the rule" }).click();
  await expectAccessible(page, "rules, a new one refused");
});

test("webhooks @phone", async ({ page, admin }) => {
  const hook = await admin.call<{ id: number }>("POST", "/webhooks", { name: "On call", url: "https://10.0.0.7/alerts", min_severity: "warning" });
  await admin.call("POST", `/webhooks/${hook.id}/test`);
  await signIn(page, firstAdmin, "/#/webhooks");
  const letter = page.getByRole("grid", { name: "Deliveries to webhooks" }).getByRole("button", { name: "Test message" });
  await expect(letter).toBeVisible();
  await expectAccessible(page, "webhooks");
  await letter.click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page, "webhooks, a delivery");
  await close(page);
  await page.getByRole("button", { name: "How to check a signature" }).click();
  await expectAccessible(page, "webhooks, signatures");
  await close(page);
  await page.getByRole("button", { name: "Add a webhook" }).click();
  await expectAccessible(page, "webhooks, a new one");
});

test("the security log @phone", async ({ page, api, ada }) => {
  await expect(api.signIn({ ...ada, password: "incorrect horse" })).rejects.toThrow("401");
  await signIn(page, firstAdmin, "/#/security");
  const rows = page.getByRole("grid", { name: "Security log" }).getByRole("row");
  await expect.poll(() => rows.count()).toBeGreaterThan(3);
  await expectAccessible(page, "security log");
  await rows.nth(1).getByRole("button").click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page, "security log, an event");
  await close(page);
  await page.getByRole("button", { name: "Drill" }).click();
  await expectAccessible(page, "security log, a drill");
});

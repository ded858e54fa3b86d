import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";

import type { Locator } from "@playwright/test";

import { Api, type Schemas, firstAdmin } from "../support/api";
import { expect, signIn, test } from "../support/test";
import { populate } from "../support/demo-fleet";

const maxBytes = 150_000;
/** Fake credentials. */
const example = { device_id: "5d0c1ea3-7c51-4f0e-9a51-d6f1b2c4e8a7", device_secret: "an-example-and-not-the-secret-of-any-device", category: "weather_station" };

test.use({ settings: { MIN_SECONDS_BETWEEN_READINGS: "0" } });

/** Takes the screenshots for README.md and docs/. UPDATE_IMAGES=1 writes them there. */
test("screenshots of the main pages @phone", async ({ page, server, api, admin, ada }, { project, outputDir }) => {
  test.setTimeout(300_000);
  const folder = process.env.UPDATE_IMAGES === "1" ? "../../docs/images" : outputDir;
  mkdirSync(folder, { recursive: true });
  const takeScreenshot = async (name: string, element?: Locator) => {
    const path = join(folder, `web-${name}.png`);
    await page.mouse.move(0, 0);
    await (element ?? page).screenshot({ path, animations: "disabled", caret: "hide", scale: "css" });
    expect(statSync(path).size, `${path} in bytes`).toBeLessThan(maxBytes);
  };
  const { idOf, sendReadings } = await populate(server, api, admin);
  await expect.poll(async () => (await admin.call<Schemas["AlertSummary"]>("GET", "/alerts/summary")).open).toBeGreaterThan(3);

  await signIn(page, firstAdmin);
  await expect(page.getByRole("link", { name: "Archive" })).toBeVisible();
  await sendReadings();
  await expect(page.getByRole("region", { name: "Overview" })).toContainText(/Readings \/ s\s*[1-9]/);
  if (project.name === "phone") return takeScreenshot("fleet-phone");
  await takeScreenshot(project.name === "dark" ? "fleet-dark" : "fleet");

  await page.goto(`/#/devices/${idOf("Roof station")}`);
  await page.getByText("Day", { exact: true }).click();
  await expect(page.getByRole("region", { name: "pressure" }).getByRole("img")).toHaveAccessibleName(/lowest/);
  await takeScreenshot(project.name === "dark" ? "device-dark" : "device");
  if (project.name === "dark") return;

  await page.goto("/#/alerts");
  const alerts = await admin.call<Schemas["Alert"][]>("GET", "/alerts");
  const greenhouse = alerts.find((alert) => alert.device_name === "Greenhouse");
  await admin.call("POST", `/alerts/${greenhouse?.id ?? 0}/acknowledge`, { note: "Roof vents opened" });
  await expect(page.getByRole("row", { name: /Greenhouse/ })).toContainText("Acknowledged");
  await takeScreenshot("alerts");

  await page.goto("/#/security");
  await page.getByLabel("Outcome").selectOption("Denied");
  const refused = async (call: Promise<unknown>) => expect(call).rejects.toThrow();
  for (const email of [ada.email, "mallory@example.com", "root@example.com"]) await refused(api.signIn({ email, password: "let me in" }));
  for (const path of ["/devices", "/admin/users", "/alerts"]) await refused(api.call("GET", path));
  for (const token of ["e30.e30.e30", "eyJhbGciOiJub25lIn0.e30."]) await refused(new Api(server, token).call("GET", "/devices"));
  await refused((await api.signIn(ada)).call("GET", `/devices/${idOf("Front door")}`));
  await admin.call("POST", "/admin/security-events/simulate", { scenario: "device_forbidden", note: "Exercise 7" });
  await expect(page.getByRole("row", { name: /Exercise 7/ })).toBeVisible();
  await takeScreenshot("security");

  await page.goto("/#/");
  await page.route("/devices", (route) => (route.request().method() === "POST" ? route.fulfill({ status: 201, json: example }) : route.continue()));
  await page.getByRole("button", { name: "Add a device" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Lighthouse");
  await page.getByRole("button", { name: "Add it" }).click();
  const ready = page.getByRole("dialog", { name: "Lighthouse is ready" });
  await expect(ready.getByRole("img", { name: /QR code/ })).toBeVisible();
  await takeScreenshot("wizard", ready);
});

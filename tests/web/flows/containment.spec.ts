import { firstAdmin } from "../support/api";
import { expect, fillIn, row, signIn, test, toast } from "../support/test";

test("a blocked device shows who blocked it and why, and its owner can't release it", async ({ page, admin, api, ada, elsewhere }) => {
  const adaApi = await api.signIn(ada);
  const roof = await adaApi.device("Roof station");
  await signIn(page, ada, `/#/devices/${roof.device_id}`);
  await expect(page.getByText("No readings yet")).toBeVisible();

  const adminPage = await elsewhere();
  await signIn(adminPage, firstAdmin, `/#/devices/${roof.device_id}`);
  await adminPage.getByRole("button", { name: "Actions", exact: true }).click();
  await adminPage.getByRole("menuitem", { name: "Deactivate …" }).click();
  const dialog = adminPage.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("It floods the network.");
  await dialog.getByRole("button", { name: "Deactivate" }).click();
  await expect(adminPage.getByRole("alert").filter({ hasText: "Blocked by admin@example.com" })).toContainText("It floods the network.");

  const panel = page.getByRole("alert").filter({ hasText: "Blocked by an administrator" });
  await expect(panel).toContainText("It floods the network.");
  await expect(panel).toContainText("Ask an administrator to release it.");
  await page.getByRole("button", { name: "Actions", exact: true }).click();
  await expect(page.getByRole("menuitem", { name: "Rename …" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Reactivate …" })).toBeHidden();
  await admin.call("PUT", `/devices/${roof.device_id}`, { status: "active" });
  await expect(panel).toBeHidden();
});

test("disabling an account ends its sessions, and it can be enabled again", async ({ page, ada, elsewhere, watch }) => {
  watch.allow(/POST \/auth\/refresh → 401/, /POST \/auth\/login → 403/, /POST \/live\/ticket → 401/);
  const adaPage = await elsewhere();
  await signIn(adaPage, ada);
  await signIn(page, firstAdmin, "/#/users");
  const performAction = async (item: string) => {
    await page.getByRole("button", { name: `Actions for ${ada.email}` }).click();
    await page.getByRole("menuitem", { name: item }).click();
    await page.getByRole("dialog", { name: item }).getByRole("button", { name: item }).click();
  };
  await performAction("Disable");
  await expect(toast(page, `${ada.email} is disabled.`)).toBeVisible();
  await expect(row(page, new RegExp(ada.email))).toContainText("Disabled");
  await expect(adaPage.getByText("Your session has ended")).toBeVisible();
  await fillIn(adaPage, ada);
  await expect(adaPage.getByText("This account is disabled.")).toBeVisible();
  await performAction("Enable");
  await fillIn(adaPage, ada);
  await expect(adaPage.getByRole("navigation")).toBeVisible();
});

test.describe("with the simulator", () => {
  test.use({ settings: { TELEMETRY_SIMULATION_ENABLED: "true" } });

  test("simulated readings are marked and vanish when the device signs in itself", async ({ page, api, ada }) => {
    const adaApi = await api.signIn(ada);
    const roof = await adaApi.device("Roof station");
    await signIn(page, ada);
    const line = row(page, /Roof station/);
    await expect(line).toContainText("Simulated");
    await expect(line).toContainText("temperature");
    const channel = await api.asDevice(roof);
    await expect(line).toContainText("No readings yet");
    await expect(line).not.toContainText("Simulated");
    await expect(line).not.toContainText("temperature");
    await channel.sendReading({ metrics: { humidity_pct: 41 } });
    await expect(line).toContainText("Reporting");
    await expect(line).toContainText("humidity");
    await expect(line).not.toContainText("temperature");
  });
});

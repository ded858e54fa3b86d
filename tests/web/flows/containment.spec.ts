import { firstAdmin } from "../support/api";
import { expect, fillIn, row, signIn, test, toast } from "../support/test";

test("a device says who blocked it and why, and its owner can't release it", async ({ page, admin, api, ada, elsewhere }) => {
  const hers = await api.signIn(ada);
  const roof = await hers.device("Roof station");
  await signIn(page, ada, `/#/devices/${roof.device_id}`);
  await expect(page.getByText("Never heard")).toBeVisible();

  const theirs = await elsewhere();
  await signIn(theirs, firstAdmin, `/#/devices/${roof.device_id}`);
  await theirs.getByRole("button", { name: "Actions", exact: true }).click();
  await theirs.getByRole("menuitem", { name: "Deactivate …" }).click();
  const dialog = theirs.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("It floods the network.");
  await dialog.getByRole("button", { name: "Deactivate" }).click();
  await expect(theirs.getByRole("alert").filter({ hasText: "Blocked by admin@example.com" })).toContainText("It floods the network.");

  const panel = page.getByRole("alert").filter({ hasText: "Blocked by an administrator" });
  await expect(panel).toContainText("It floods the network.");
  await expect(panel).toContainText("Only an administrator can release it.");
  await page.getByRole("button", { name: "Actions", exact: true }).click();
  await expect(page.getByRole("menuitem", { name: "Rename …" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Reactivate …" })).toBeHidden();
  await admin.call("PUT", `/devices/${roof.device_id}`, { status: "active" });
  await expect(panel).toBeHidden();
});

test("an account is disabled, which ends its sessions, and enabled", async ({ page, ada, elsewhere, watch }) => {
  watch.allow(/POST \/auth\/refresh → 401/, /POST \/auth\/login → 403/, /POST \/live\/ticket → 401/);
  const hers = await elsewhere();
  await signIn(hers, ada);
  await signIn(page, firstAdmin, "/#/users");
  const act = async (item: string) => {
    await page.getByRole("button", { name: `Actions for ${ada.email}` }).click();
    await page.getByRole("menuitem", { name: item }).click();
    await page.getByRole("dialog", { name: item }).getByRole("button", { name: item }).click();
  };
  await act("Disable");
  await expect(toast(page, `${ada.email} is disabled.`)).toBeVisible();
  await expect(row(page, new RegExp(ada.email))).toContainText("Disabled");
  await expect(hers.getByText("Your sign-in has ended")).toBeVisible();
  await fillIn(hers, ada);
  await expect(hers.getByText("This account is disabled.")).toBeVisible();
  await act("Enable");
  await fillIn(hers, ada);
  await expect(hers.getByRole("navigation")).toBeVisible();
});

test.describe("where the simulator is on", () => {
  test.use({ settings: { TELEMETRY_SIMULATION_ENABLED: "true" } });

  test("what is made up says so, until the device signs in itself", async ({ page, api, ada }) => {
    const hers = await api.signIn(ada);
    const roof = await hers.device("Roof station");
    await signIn(page, ada);
    const line = row(page, /Roof station/);
    await expect(line).toContainText("Simulated");
    await expect(line).toContainText("temperature");
    const channel = await api.as(roof);
    await expect(line).toContainText("Never heard");
    await expect(line).not.toContainText("Simulated");
    await expect(line).not.toContainText("temperature");
    await channel.say({ metrics: { humidity_pct: 41 } });
    await expect(line).toContainText("Speaking");
    await expect(line).toContainText("humidity");
    await expect(line).not.toContainText("temperature");
  });
});

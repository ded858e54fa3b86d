import { firstAdmin } from "../support/api";
import { expect, signIn, test, toast } from "../support/test";

test("an administrator sets the limits of a device and of its category @phone", async ({ page, api, ada, admin }) => {
  const adaApi = await api.signIn(ada);
  const roof = await adaApi.device("Roof station");
  await signIn(page, firstAdmin, `/#/devices/${roof.device_id}?tab=limits`);
  const row = (name: string) => page.getByRole("row", { name });
  await expect(row("Largest payload")).toContainText("default");

  await page.getByRole("button", { name: "Change: Limits: Roof station" }).click();
  const form = page.getByRole("dialog", { name: "Limits: Roof station" });
  await form.getByRole("textbox", { name: "Largest payload" }).fill("1");
  await form.getByRole("button", { name: "Save the limits" }).click();
  await expect(form.getByText("A whole number from 2 to 1,000,000.")).toBeVisible();
  await form.getByRole("textbox", { name: "Largest payload" }).fill("512");
  await expect(form.getByRole("alert")).toHaveCount(0);
  await form.getByRole("textbox", { name: "Readings are kept" }).fill("30");
  await expect(form.getByRole("alert")).toContainText("removed for good");
  await form.getByRole("button", { name: "Save the limits" }).click();
  await expect(toast(page, "The limits are saved.")).toBeVisible();
  await expect(row("Largest payload")).toContainText("512 Bset for this device");
  await expect(row("Readings are kept")).toContainText("30 days");

  await page.getByRole("button", { name: "Change for all: Weather station" }).click();
  const all = page.getByRole("dialog", { name: "Limits: Weather station" });
  await all.getByRole("textbox", { name: "Late readings in one burst" }).fill("2500");
  await all.getByRole("button", { name: "Save the limits" }).click();
  await expect(row("Late readings in one burst")).toContainText("2,500");
  const policy = await admin.call<{ decided: Record<string, number | null> }>("GET", `/devices/${roof.device_id}/policy`);
  expect(policy.decided).toMatchObject({ payload_limit_bytes: 512, keep_readings_days: 30, backfill_burst: null });

  // An empty field restores the default.
  await page.getByRole("button", { name: "Change: Limits: Roof station" }).click();
  await form.getByRole("textbox", { name: "Largest payload" }).fill("");
  await form.getByRole("button", { name: "Save the limits" }).click();
  await expect(row("Largest payload")).toContainText("default");
});

test("a user sees the limits but can't change them", async ({ page, api, ada }) => {
  const roof = await (await api.signIn(ada)).device("Roof station");
  await signIn(page, ada, `/#/devices/${roof.device_id}?tab=limits`);
  await expect(page.getByRole("row", { name: "Largest payload" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Change/ })).toHaveCount(0);
});

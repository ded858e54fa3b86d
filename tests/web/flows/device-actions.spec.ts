import type { Page } from "@playwright/test";

import type { Account, Api, Schemas } from "../support/api";
import { expect, signIn, test, toast } from "../support/test";

async function open(page: Page, api: Api, ada: Account): Promise<{ adaApi: Api; roof: Schemas["DeviceCredentials"] }> {
  const adaApi = await api.signIn(ada);
  const roof = await adaApi.device("Roof station");
  await signIn(page, ada, `/#/devices/${roof.device_id}`);
  return { adaApi, roof };
}

/** Chooses a menu item and confirms the dialog, if any. */
async function performAction(page: Page, item: string, confirmation?: { title: string; button: string }): Promise<void> {
  await page.getByRole("button", { name: "Actions", exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
  if (confirmation !== undefined) await page.getByRole("dialog", { name: confirmation.title }).getByRole("button", { name: confirmation.button }).click();
}

test("a device is renamed", async ({ page, api, ada }) => {
  const { adaApi, roof } = await open(page, api, ada);
  await performAction(page, "Rename …");
  await page.getByLabel("Name", { exact: true }).fill("Mast");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Mast", level: 1 })).toBeVisible();
  expect(await adaApi.call("GET", `/devices/${roof.device_id}`)).toMatchObject({ name: "Mast" });
});

test("its secret is rotated, and only the new secret works", async ({ page, api, ada }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const { roof } = await open(page, api, ada);
  await performAction(page, "Rotate the secret …", { title: "Rotate the secret of Roof station?", button: "Rotate the secret" });
  const shown = page.getByRole("dialog", { name: "New secret of Roof station" });
  await shown.getByRole("button", { name: "Copy: Secret" }).click();
  await expect(shown.getByText("Copied")).toBeVisible();
  const device_secret = await page.evaluate(() => navigator.clipboard.readText());
  await expect(api.asDevice(roof)).rejects.toThrow("401");
  await (await api.asDevice({ ...roof, device_secret })).sendReading({ metrics: { temperature_c: 1 } });
  await shown.getByRole("button", { name: "Done" }).click();
  await expect(shown).toBeHidden();
});

test("its tokens are invalidated, and its secret stays valid", async ({ page, api, ada }) => {
  const { roof } = await open(page, api, ada);
  const before = await api.asDevice(roof);
  await performAction(page, "Invalidate its tokens …", { title: "Invalidate the tokens of Roof station?", button: "Invalidate its tokens" });
  await expect(toast(page, "The tokens of Roof station are invalid.")).toBeVisible();
  await expect(before.sendReading({})).rejects.toThrow("401");
  await (await api.asDevice(roof)).sendReading({ metrics: { temperature_c: 1 } });
});

test("it is deactivated, reactivated and deleted @phone", async ({ page, api, ada }) => {
  const { adaApi, roof } = await open(page, api, ada);
  await performAction(page, "Deactivate …", { title: "Deactivate Roof station?", button: "Deactivate" });
  await expect(page.locator(".device-state")).toContainText("Blocked");
  await expect(api.asDevice(roof)).rejects.toThrow("403");

  await performAction(page, "Reactivate …", { title: "Reactivate Roof station?", button: "Reactivate" });
  await expect(page.locator(".device-state")).not.toContainText("Blocked");
  await api.asDevice(roof);

  await performAction(page, "Delete …");
  const confirmation = page.getByRole("dialog", { name: "Delete Roof station for good?" });
  const button = confirmation.getByRole("button", { name: "Delete" });
  await expect(button).toBeDisabled();
  await confirmation.getByLabel("To confirm, type Roof station").fill("Roof");
  await expect(button).toBeDisabled();
  await confirmation.getByLabel("To confirm, type Roof station").fill("Roof station");
  await button.click();
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "Roof station" })).toBeHidden();
  await expect(adaApi.call("GET", `/devices/${roof.device_id}`)).rejects.toThrow("404");
});

test("a missing device and a foreign device are reported", async ({ page, ada, admin, watch }) => {
  watch.allow(/GET \/devices\/[\w-]+ → (403|404)/);
  const foreignDevice = await admin.device("Theirs");
  await signIn(page, ada, `/#/devices/${foreignDevice.device_id}`);
  await expect(page.getByRole("alert")).toContainText("This device belongs to another user. Ask its owner or an administrator.");
  await page.goto("/#/devices/00000000-0000-4000-8000-000000000000");
  await expect(page.getByRole("alert")).toContainText("This device doesn’t exist or was deleted.");
  await page.getByRole("link", { name: "← Fleet" }).click();
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
});

import type { Page } from "@playwright/test";

import type { Account, Api, Schemas } from "../support/api";
import { expect, signIn, test, toast } from "../support/test";

async function open(page: Page, api: Api, ada: Account): Promise<{ hers: Api; roof: Schemas["DeviceCredentials"] }> {
  const hers = await api.signIn(ada);
  const roof = await hers.device("Roof station");
  await signIn(page, ada, `/#/devices/${roof.device_id}`);
  return { hers, roof };
}

/** Chooses what the menu has, and says yes where it is asked. */
async function act(page: Page, item: string, sure?: { title: string; button: string }): Promise<void> {
  await page.getByRole("button", { name: "Actions", exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
  if (sure !== undefined) await page.getByRole("dialog", { name: sure.title }).getByRole("button", { name: sure.button }).click();
}

test("a device gets another name", async ({ page, api, ada }) => {
  const { hers, roof } = await open(page, api, ada);
  await act(page, "Rename …");
  await page.getByLabel("Name", { exact: true }).fill("Mast");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Mast", level: 1 })).toBeVisible();
  expect(await hers.call("GET", `/devices/${roof.device_id}`)).toMatchObject({ name: "Mast" });
});

test("its secret is rotated, and only the new one works", async ({ page, api, ada }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const { roof } = await open(page, api, ada);
  await act(page, "Rotate the secret …", { title: "Rotate the secret of Roof station?", button: "Rotate the secret" });
  const shown = page.getByRole("dialog", { name: "New secret of Roof station" });
  await shown.getByRole("button", { name: "Copy: Secret" }).click();
  await expect(shown.getByText("Copied")).toBeVisible();
  const device_secret = await page.evaluate(() => navigator.clipboard.readText());
  await expect(api.as(roof)).rejects.toThrow("401");
  await (await api.as({ ...roof, device_secret })).say({ metrics: { temperature_c: 1 } });
  await shown.getByRole("button", { name: "Done" }).click();
  await expect(shown).toBeHidden();
});

test("its tokens are invalidated, its secret stays", async ({ page, api, ada }) => {
  const { roof } = await open(page, api, ada);
  const before = await api.as(roof);
  await act(page, "Invalidate its tokens …", { title: "Invalidate the tokens of Roof station?", button: "Invalidate its tokens" });
  await expect(toast(page, "The tokens of Roof station are invalid.")).toBeVisible();
  await expect(before.say({})).rejects.toThrow("401");
  await (await api.as(roof)).say({ metrics: { temperature_c: 1 } });
});

test("it is deactivated, reactivated and deleted @phone", async ({ page, api, ada }) => {
  const { hers, roof } = await open(page, api, ada);
  await act(page, "Deactivate …", { title: "Deactivate Roof station?", button: "Deactivate" });
  await expect(page.locator(".device-state")).toContainText("Blocked");
  await expect(api.as(roof)).rejects.toThrow("403");

  await act(page, "Reactivate …", { title: "Reactivate Roof station?", button: "Reactivate" });
  await expect(page.locator(".device-state")).not.toContainText("Blocked");
  await api.as(roof);

  await act(page, "Delete …");
  const sure = page.getByRole("dialog", { name: "Delete Roof station for good?" });
  const button = sure.getByRole("button", { name: "Delete" });
  await expect(button).toBeDisabled();
  await sure.getByLabel("To confirm, type Roof station").fill("Roof");
  await expect(button).toBeDisabled();
  await sure.getByLabel("To confirm, type Roof station").fill("Roof station");
  await button.click();
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "Roof station" })).toBeHidden();
  await expect(hers.call("GET", `/devices/${roof.device_id}`)).rejects.toThrow("404");
});

test("a device that isn't there, or is another's, is said to be", async ({ page, ada, admin, watch }) => {
  watch.allow(/GET \/devices\/[\w-]+ → (403|404)/);
  const theirs = await admin.device("Theirs");
  await signIn(page, ada, `/#/devices/${theirs.device_id}`);
  await expect(page.getByRole("alert")).toContainText("This device belongs to somebody else.");
  await page.goto("/#/devices/00000000-0000-4000-8000-000000000000");
  await expect(page.getByRole("alert")).toContainText("This device isn’t there, or not any more.");
  await page.getByRole("link", { name: "← Fleet" }).click();
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
});

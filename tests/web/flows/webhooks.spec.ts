import type { Page } from "@playwright/test";

import { firstAdmin } from "../support/api";
import { Receiver } from "../support/receiver";
import { expect, signIn, test as base, toast } from "../support/test";

const test = base.extend<{ receiver: Receiver }>({
  settings: { WEBHOOK_LOCAL_HOSTS: '["127.0.0.1"]' },
  receiver: async ({}, use) => {
    const receiver = new Receiver();
    await receiver.start();
    await use(receiver);
    receiver.stop();
  },
});
test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const rows = (page: Page) => page.getByRole("grid", { name: "Deliveries to webhooks" }).getByRole("row").filter({ has: page.getByRole("gridcell") });

async function performAction(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: "Actions for On call" }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** Creates a webhook and returns its secret. */
async function add(page: Page, url: string): Promise<string> {
  await page.getByRole("button", { name: "Add a webhook" }).click();
  const form = page.getByRole("dialog", { name: "Add a webhook" });
  await form.getByLabel("Name").fill("On call");
  await form.getByLabel("Address").fill(url);
  await form.getByRole("button", { name: "Create the webhook" }).click();
  const once = page.getByRole("dialog", { name: "The webhook’s secret" });
  await expect(once.getByText("Shown only once")).toBeVisible();
  await once.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(once.getByText("Copied")).toBeVisible();
  const secret = await page.evaluate(() => navigator.clipboard.readText());
  await once.getByRole("button", { name: "I have it" }).click();
  await expect(once).toBeHidden();
  expect(await page.content()).not.toContain(secret);
  return secret;
}

test("a webhook is created, tested, and receives an alert with a valid signature", async ({ page, api, ada, receiver }) => {
  await signIn(page, firstAdmin, "/#/webhooks");
  const secret = await add(page, receiver.url);
  await performAction(page, "Send a test message");
  await expect(toast(page, "The test message is queued.")).toBeVisible();
  await expect(rows(page).filter({ hasText: "Test message" })).toContainText("Delivered");
  expect(receiver.verified(secret)).toMatchObject([{ type: "test", webhook: { name: "On call" } }]);
  expect(receiver.verified("another secret")).toEqual([]);

  const adaApi = await api.signIn(ada);
  await (await api.asDevice(await adaApi.device("Roof station"))).sendReading({ metrics: { temperature_c: 50 } });
  const delivery = rows(page).filter({ hasText: "Alert raised" });
  await expect(delivery).toContainText("Delivered");
  expect(receiver.verified(secret).at(-1)).toMatchObject({ type: "alert", change: "raised", alert: { device_name: "Roof station" } });
  await delivery.getByRole("button").click();
  await expect(page.getByRole("dialog").getByText("HTTP 204")).toBeVisible();
});

test("a dead letter is sent again after its cause is fixed", async ({ page, receiver }) => {
  await signIn(page, firstAdmin, "/#/webhooks");
  // An address in a private network that no setting allows is never contacted, so the message is given up at once.
  const secret = await add(page, "https://10.0.0.7/alerts");
  await performAction(page, "Send a test message");
  const letter = rows(page).filter({ hasText: "Test message" });
  await expect(letter).toContainText("Given up");
  await expect(letter).toContainText("is not public");

  await performAction(page, "Edit");
  await page.getByRole("dialog", { name: "On call" }).getByLabel("Address").fill(receiver.url);
  await page.getByRole("dialog", { name: "On call" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("main").getByText(receiver.url)).toBeVisible();
  await letter.getByRole("button").click();
  await page.getByRole("dialog").getByRole("button", { name: "Send again" }).click();
  await expect(toast(page, "The message is queued again.")).toBeVisible();
  await expect(letter).toContainText("Delivered");
  expect(receiver.verified(secret)).toMatchObject([{ type: "test" }]);
});

test("a webhook is disabled and deleted @phone", async ({ page, admin, receiver }) => {
  await signIn(page, firstAdmin, "/#/webhooks");
  await add(page, receiver.url);
  await page.getByRole("switch", { name: "On call: enabled" }).press(" ");
  await expect(toast(page, "On call no longer receives alerts.")).toBeVisible();
  await expect(page.getByRole("main").getByText("Off", { exact: true })).toBeVisible();
  await performAction(page, "Delete");
  await page.getByRole("dialog", { name: "Delete “On call”?" }).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("There are no webhooks: alerts are shown only here.")).toBeVisible();
  expect(await admin.call("GET", "/webhooks")).toEqual([]);
});

test("an invalid address is reported, and no webhook is created", async ({ page, admin, watch }) => {
  watch.allow(/POST \/webhooks → 422/);
  await signIn(page, firstAdmin, "/#/webhooks");
  await page.getByRole("button", { name: "Add a webhook" }).click();
  const form = page.getByRole("dialog", { name: "Add a webhook" });
  await form.getByLabel("Name").fill("On call");
  await form.getByLabel("Address").fill("ftp://hooks.example/");
  await form.getByRole("button", { name: "Create the webhook" }).click();
  await expect(form.getByText("Enter an address that begins with https://")).toBeVisible();
  await form.getByLabel("Address").fill("http://hooks.example/");
  await form.getByRole("button", { name: "Create the webhook" }).click();
  await expect(form.getByRole("alert")).toContainText("WEBHOOK_LOCAL_HOSTS");
  expect(await admin.call("GET", "/webhooks")).toEqual([]);
});

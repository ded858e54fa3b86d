import { execFileSync } from "node:child_process";

import { expect, liveState, signIn, test } from "../support/test";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("a device is created, its secret is shown once, and its commands work in a shell @phone", async ({ page, api, ada, server }) => {
  await signIn(page, ada);
  await page.getByRole("button", { name: "Add a device" }).first().click();
  const wizard = page.getByRole("dialog", { name: "Add a device" });
  await wizard.getByRole("radio", { name: /Smart lock/ }).click();
  await expect(wizard.getByText('"battery_pct"')).toBeVisible();
  await wizard.getByRole("radio", { name: /Weather station/ }).click();
  await expect(wizard.getByText('"temperature_c"')).toBeVisible();
  await wizard.getByLabel("Name", { exact: true }).fill("Roof station");
  await wizard.getByRole("button", { name: "Add it" }).click();

  const ready = page.getByRole("dialog", { name: "Roof station is ready" });
  await expect(ready.getByText("The secret is shown only once")).toBeVisible();
  await expect(ready.getByRole("img", { name: "QR code with server, device id and secret" })).toBeVisible();
  await ready.getByRole("button", { name: "Copy: Secret" }).click();
  await expect(ready.getByText("Copied")).toBeVisible();
  const secret = await page.evaluate(() => navigator.clipboard.readText());
  expect(secret).toMatch(/^[\w-]{43}$/);
  await expect(ready.getByText(secret, { exact: true })).toBeVisible();

  await ready.getByRole("button", { name: "Copy the commands" }).click();
  const lines = await page.evaluate(() => navigator.clipboard.readText());
  await expect(ready.getByRole("alert").filter({ hasText: "Waiting for its first reading" })).toBeVisible();
  const output = execFileSync("bash", ["-c", lines], { encoding: "utf8", stdio: "pipe" });
  expect(JSON.parse(output)).toMatchObject({ payload: { metrics: { temperature_c: expect.any(Number) } } });

  await expect(ready.getByRole("alert").filter({ hasText: "First reading received:" })).toBeVisible();

  await ready.getByRole("button", { name: "Done" }).click();
  await expect(ready).toBeHidden();
  await expect(page.getByRole("link", { name: "Roof station" })).toBeVisible();
  const [device] = await (await api.signIn(ada)).call<{ id: string; name: string }[]>("GET", "/devices");
  expect(device).toMatchObject({ name: "Roof station" });
  await page.goto(`${server.url}/#/devices/${device?.id ?? ""}`);
  await expect(liveState(page)).toHaveText("Live");
  await expect(page.getByRole("heading", { name: "Roof station" })).toBeVisible();
  expect(await page.content()).not.toContain(secret);
});

test("closing before the secret was copied asks first", async ({ page, ada }) => {
  await signIn(page, ada);
  await page.getByRole("button", { name: "Add a device" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Cellar");
  await page.getByRole("button", { name: "Add it" }).click();
  const ready = page.getByRole("dialog", { name: "Cellar is ready" });
  await ready.getByRole("button", { name: "Done" }).click();
  const warning = ready.getByRole("alert").filter({ hasText: "You have not copied the secret" });
  await expect(warning).toBeVisible();
  await warning.getByRole("button", { name: "Stay here" }).click();
  await expect(warning).toBeHidden();
  await page.keyboard.press("Escape");
  await expect(warning).toBeVisible();
  await warning.getByRole("button", { name: "Close anyway" }).click();
  await expect(ready).toBeHidden();
});

test("an invalid name is reported, and no device is created", async ({ page, ada, api }) => {
  await signIn(page, ada);
  await page.getByRole("button", { name: "Add a device" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("x");
  await page.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  expect(await page.getByLabel("Name", { exact: true }).evaluate((field: HTMLInputElement) => field.validity.tooShort)).toBe(true);
  expect(await (await api.signIn(ada)).call("GET", "/devices")).toEqual([]);
});

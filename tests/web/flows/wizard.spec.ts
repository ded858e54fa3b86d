import { execFileSync } from "node:child_process";

import { expect, liveState, signIn, test } from "../support/test";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("a device is made, its secret shown once, and its lines work in a shell @phone", async ({ page, api, ada, server }) => {
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
  await expect(ready.getByText("The secret is shown this once")).toBeVisible();
  await expect(ready.getByRole("img", { name: "QR code with server, device id and secret" })).toBeVisible();
  await ready.getByRole("button", { name: "Copy: Secret" }).click();
  await expect(ready.getByText("Copied")).toBeVisible();
  const secret = await page.evaluate(() => navigator.clipboard.readText());
  expect(secret).toMatch(/^[\w-]{43}$/);
  await expect(ready.getByText(secret, { exact: true })).toBeVisible();

  await ready.getByRole("button", { name: "Copy the lines" }).click();
  const lines = await page.evaluate(() => navigator.clipboard.readText());
  await expect(ready.getByRole("alert").filter({ hasText: "Waiting for its first reading" })).toBeVisible();
  const said = execFileSync("bash", ["-c", lines], { encoding: "utf8", stdio: "pipe" });
  expect(JSON.parse(said)).toMatchObject({ payload: { metrics: { temperature_c: expect.any(Number) } } });

  await expect(ready.getByRole("alert").filter({ hasText: "Its first reading came:" })).toBeVisible();

  await ready.getByRole("button", { name: "Done" }).click();
  await expect(ready).toBeHidden();
  await expect(page.getByRole("link", { name: "Roof station" })).toBeVisible();
  const [made] = await (await api.signIn(ada)).call<{ id: string; name: string }[]>("GET", "/devices");
  expect(made).toMatchObject({ name: "Roof station" });
  await page.goto(`${server.url}/#/devices/${made?.id ?? ""}`);
  await expect(liveState(page)).toHaveText("Live");
  await expect(page.getByRole("heading", { name: "Roof station" })).toBeVisible();
  expect(await page.content()).not.toContain(secret);
});

test("closing without having copied the secret asks first", async ({ page, ada }) => {
  await signIn(page, ada);
  await page.getByRole("button", { name: "Add a device" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Cellar");
  await page.getByRole("button", { name: "Add it" }).click();
  const ready = page.getByRole("dialog", { name: "Cellar is ready" });
  await ready.getByRole("button", { name: "Done" }).click();
  const asked = ready.getByRole("alert").filter({ hasText: "You have not copied the secret" });
  await expect(asked).toBeVisible();
  await asked.getByRole("button", { name: "Stay here" }).click();
  await expect(asked).toBeHidden();
  await page.keyboard.press("Escape");
  await expect(asked).toBeVisible();
  await asked.getByRole("button", { name: "Close without it" }).click();
  await expect(ready).toBeHidden();
});

test("a name that doesn't fit is said to, and nothing is made", async ({ page, ada, api }) => {
  await signIn(page, ada);
  await page.getByRole("button", { name: "Add a device" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("x");
  await page.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  expect(await page.getByLabel("Name", { exact: true }).evaluate((field: HTMLInputElement) => field.validity.tooShort)).toBe(true);
  expect(await (await api.signIn(ada)).call("GET", "/devices")).toEqual([]);
});

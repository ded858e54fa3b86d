import { expect, signIn, test } from "../support/test";

test("many fields, long texts and extreme numbers break no page @phone", async ({ page, api, ada }) => {
  const adaApi = await api.signIn(ada);
  const roof = await adaApi.device("Roof station", "smart_lock");
  const long = "x".repeat(500);
  await adaApi.call("PUT", `/devices/${roof.device_id}/policy`, { payload_limit_bytes: 65_536 }).catch(() => undefined);
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${n}`, n]));
  await (await api.asDevice(roof)).sendReading({ battery: { temperature: 31.5 }, indoor: { temperature: 21.5 }, constructor: 1, tiny: 1e-12, huge: 1e308, note: long, ...many });
  await signIn(page, ada);
  await expect(page.getByRole("row", { name: /Roof station/ })).toContainText("battery temperature 31.5");
  await page.getByRole("link", { name: "Roof station" }).click();

  const shown = page.locator(".fields > .field");
  await expect(shown).toHaveCount(12);
  await page.getByRole("button", { name: /^Fields: 12 of \d+$/ }).click();
  const picker = page.getByRole("dialog");
  await picker.getByRole("button", { name: "Default fields" }).click();
  for (const field of ["tiny", "huge", "note", "indoor temperature", "battery temperature"]) {
    await picker.getByRole("searchbox").fill(field);
    await picker.getByRole("checkbox", { name: field }).check();
  }
  await page.keyboard.press("Escape");
  await expect(page.getByRole("region", { name: "indoor temperature" })).toContainText("21.5");
  await expect(page.getByRole("region", { name: "battery temperature" })).toContainText("31.5");
  await expect(page.getByRole("region", { name: "tiny" })).toContainText("1E-12");
  await expect(page.getByRole("region", { name: "huge" })).toContainText("1E308");
  await expect(page.getByRole("region", { name: "note" })).toContainText("xxx");
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow(), "the page must not be wider than the window").toBeLessThanOrEqual(0);
  await page.reload();
  await expect(page.getByRole("region", { name: "tiny" })).toBeVisible();
  await page.getByRole("tab", { name: "Readings" }).click();
  await expect(page.locator(".readings > li")).not.toHaveCount(0);
  expect(await overflow()).toBeLessThanOrEqual(0);
});

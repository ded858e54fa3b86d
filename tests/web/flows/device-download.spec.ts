import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { hour, minute, importHistory, weather } from "../support/history";
import { expect, signIn, test, toast } from "../support/test";

/** The value of an <input type="datetime-local"> in the browser's time zone (Europe/Warsaw, with daylight saving time). */
const localInputValue = (page: Page, at: number) =>
  page.evaluate((moment) => new Date(moment - new Date(moment).getTimezoneOffset() * 60_000).toISOString().slice(0, 16), at);

test("the CSV of a custom range contains all of its readings", async ({ page, server, api, ada }) => {
  const roof = await (await api.signIn(ada)).device("Roof station");
  const until = Math.floor(Date.now() / hour) * hour;
  await importHistory(server, [{ device: roof, since: until - 48 * hour, until, interval: minute, payloadAt: (at) => weather(at) }]);
  // Without the file picker, the file becomes a download, which the test can read.
  await page.addInitScript(() => Reflect.deleteProperty(window, "showSaveFilePicker"));
  await signIn(page, ada, `/#/devices/${roof.device_id}`);

  await page.getByRole("button", { name: "Custom" }).click();
  await page.getByLabel("From", { exact: true }).fill(await localInputValue(page, until - 24 * hour));
  await page.getByLabel("To", { exact: true }).fill(await localInputValue(page, until - 4 * hour));
  await page.getByRole("button", { name: "Show", exact: true }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download CSV" }).click()]);
  await expect(toast(page, /CSV saved/)).toBeVisible();
  expect(download.suggestedFilename()).toMatch(/^Roof-station_.*\.csv$/);

  const [header, ...rows] = (await readFile(await download.path(), "utf8")).trimEnd().split(/\r?\n/);
  expect(header).toContain("metrics.temperature_c");
  expect(rows.length).toBe(20 * 60 + 1); // both ends are included; far more than a page of readings
  const at = header?.split(",").indexOf("received_at") ?? -1;
  const times = rows.map((line) => Date.parse(line.split(",")[at]?.replaceAll('"', "") ?? "")).sort((a, b) => a - b);
  expect([times[0], times.at(-1)]).toEqual([until - 24 * hour, until - 4 * hour]);
});

test("the CSV is streamed into a file if the browser supports it", async ({ page, server, api, ada }) => {
  const roof = await (await api.signIn(ada)).device("Roof station");
  const now = Date.now();
  await importHistory(server, [{ device: roof, since: now - 12 * hour, until: now, interval: minute, payloadAt: (at) => weather(at) }]);
  // A file in the page's private storage replaces the file a user would choose.
  await page.addInitScript(() => {
    const choose = async () => (await navigator.storage.getDirectory()).getFileHandle("chosen.csv", { create: true });
    Object.assign(window, { showSaveFilePicker: choose });
  });
  await signIn(page, ada, `/#/devices/${roof.device_id}`);
  await page.getByText("Day", { exact: true }).click();
  await page.getByRole("button", { name: "Download CSV" }).click();
  await expect(toast(page, /CSV saved/)).toBeVisible();
  const content = await page.evaluate(async () => (await (await (await navigator.storage.getDirectory()).getFileHandle("chosen.csv")).getFile()).text());
  expect(content.trimEnd().split("\n").length).toBe(12 * 60 + 1); // plus a header
});

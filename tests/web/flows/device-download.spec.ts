import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { hour, minute, remember, weather } from "../support/history";
import { expect, signIn, test, toast } from "../support/test";

/** As <input type="datetime-local"> has it, in the browser's zone (Europe/Warsaw, in winter and in summer). */
const inTheBrowsersZone = (page: Page, at: number) =>
  page.evaluate((moment) => new Date(moment - new Date(moment).getTimezoneOffset() * 60_000).toISOString().slice(0, 16), at);

test("the CSV of a chosen time has every reading of it", async ({ page, server, api, ada }) => {
  const roof = await (await api.signIn(ada)).device("Roof station");
  const until = Math.floor(Date.now() / hour) * hour;
  await remember(server, [{ device: roof, since: until - 48 * hour, until, every: minute, say: (at) => weather(at) }]);
  // Without it the file comes as a download, which this test can take.
  await page.addInitScript(() => Reflect.deleteProperty(window, "showSaveFilePicker"));
  await signIn(page, ada, `/#/devices/${roof.device_id}`);

  await page.getByRole("button", { name: "Custom" }).click();
  await page.getByLabel("From", { exact: true }).fill(await inTheBrowsersZone(page, until - 24 * hour));
  await page.getByLabel("To", { exact: true }).fill(await inTheBrowsersZone(page, until - 4 * hour));
  await page.getByRole("button", { name: "Show", exact: true }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download CSV" }).click()]);
  await expect(toast(page, /CSV saved/)).toBeVisible();
  expect(download.suggestedFilename()).toMatch(/^Roof-station_.*\.csv$/);

  const [header, ...rows] = (await readFile(await download.path(), "utf8")).trimEnd().split(/\r?\n/);
  expect(header).toContain("metrics.temperature_c");
  expect(rows.length).toBe(20 * 60 + 1); // both ends are in it: far more than a page of readings
  const at = header?.split(",").indexOf("received_at") ?? -1;
  const times = rows.map((each) => Date.parse(each.split(",")[at]?.replaceAll('"', "") ?? "")).sort((a, b) => a - b);
  expect([times[0], times.at(-1)]).toEqual([until - 24 * hour, until - 4 * hour]);
});

test("where the browser can, the CSV goes straight into a file", async ({ page, server, api, ada }) => {
  const roof = await (await api.signIn(ada)).device("Roof station");
  const now = Date.now();
  await remember(server, [{ device: roof, since: now - 12 * hour, until: now, every: minute, say: (at) => weather(at) }]);
  // A file of the page's own stands for the one that a person would choose.
  await page.addInitScript(() => {
    const choose = async () => (await navigator.storage.getDirectory()).getFileHandle("chosen.csv", { create: true });
    Object.assign(window, { showSaveFilePicker: choose });
  });
  await signIn(page, ada, `/#/devices/${roof.device_id}`);
  await page.getByText("Day", { exact: true }).click();
  await page.getByRole("button", { name: "Download CSV" }).click();
  await expect(toast(page, /CSV saved/)).toBeVisible();
  const written = await page.evaluate(async () => (await (await (await navigator.storage.getDirectory()).getFileHandle("chosen.csv")).getFile()).text());
  expect(written.trimEnd().split("\n").length).toBe(12 * 60 + 1); // and a header
});

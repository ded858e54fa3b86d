import { readFile } from "node:fs/promises";

import { hour, minute, importHistory, weather } from "../support/history";
import { expect, row, signIn, test, toast } from "../support/test";

test("the readings of the whole fleet are exported as one file @phone", async ({ page, server, api, ada }) => {
  const adaApi = await api.signIn(ada);
  const devices = [await adaApi.device("Roof station"), await adaApi.device("Harbour mast")];
  const now = Date.now();
  const pattern = { interval: 30 * minute, payloadAt: (at: number) => weather(at) };
  await importHistory(server, [
    { device: devices[0] as (typeof devices)[0], since: now - 12 * hour, until: now, ...pattern },
    { device: devices[1] as (typeof devices)[0], since: now - 60 * hour, until: now - 48 * hour, ...pattern },
  ]);
  await page.addInitScript(() => Reflect.deleteProperty(window, "showSaveFilePicker"));
  await signIn(page, ada);
  const save = async (time?: string) => {
    await page.getByRole("button", { name: "Export CSV" }).click();
    const dialog = page.getByRole("dialog", { name: "Export the readings of the fleet" });
    if (time !== undefined) await dialog.getByRole("radio", { name: time }).check();
    const [download] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name: "Save as a file" }).click()]);
    await expect(dialog).toBeHidden();
    expect(download.suggestedFilename()).toMatch(/^fleet_(day|week)_\d{8}T\d{4}Z\.csv$/);
    return (await readFile(await download.path(), "utf8")).trimEnd().split(/\r?\n/);
  };
  const day = await save();
  await expect(toast(page, /CSV saved/)).toBeVisible();
  expect(day[0]).toContain("metrics.temperature_c");
  expect(day.slice(1).every((line) => line.includes(devices[0]?.device_id ?? "-"))).toBe(true);
  const week = await save("Last 7 days");
  for (const { device_id } of devices) expect(week.filter((line) => line.includes(device_id)).length).toBeGreaterThan(20);
});

test("searching and sorting ignore accents, and numbers sort in numeric order", async ({ page, api, ada }) => {
  const adaApi = await api.signIn(ada);
  for (const name of ["Śluza 10", "sluza 9", "Łódź", "Pump"]) await adaApi.device(name);
  await signIn(page, ada);
  await expect(row(page, /Pump/)).toBeVisible();
  const names = page.getByRole("grid", { name: "Devices" }).getByRole("rowheader");
  await page.getByRole("searchbox", { name: "Search by name or id" }).fill("SLUZA");
  await expect(names).toHaveText(["sluza 9", "Śluza 10"]);
  await page.getByRole("searchbox", { name: "Search by name or id" }).fill("lodz");
  await expect(names).toHaveText(["Łódź"]);
});

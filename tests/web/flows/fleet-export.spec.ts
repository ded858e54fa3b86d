import { readFile } from "node:fs/promises";

import { hour, minute, remember, weather } from "../support/history";
import { expect, row, signIn, test, toast } from "../support/test";

test("the readings of the whole fleet are one file away @phone", async ({ page, server, api, ada }) => {
  const hers = await api.signIn(ada);
  const devices = [await hers.device("Roof station"), await hers.device("Harbour mast")];
  const now = Date.now();
  const told = { every: 30 * minute, say: (at: number) => weather(at) };
  await remember(server, [
    { device: devices[0] as (typeof devices)[0], since: now - 12 * hour, until: now, ...told },
    { device: devices[1] as (typeof devices)[0], since: now - 60 * hour, until: now - 48 * hour, ...told },
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
  expect(day.slice(1).every((each) => each.includes(devices[0]?.device_id ?? "-"))).toBe(true);
  const week = await save("Last 7 days");
  for (const { device_id } of devices) expect(week.filter((each) => each.includes(device_id)).length).toBeGreaterThan(20);
});

test("devices are found and ordered without accents, and as people count", async ({ page, api, ada }) => {
  const hers = await api.signIn(ada);
  for (const name of ["Śluza 10", "sluza 9", "Łódź", "Pump"]) await hers.device(name);
  await signIn(page, ada);
  await expect(row(page, /Pump/)).toBeVisible();
  const names = page.getByRole("grid", { name: "Devices" }).getByRole("rowheader");
  await page.getByRole("searchbox", { name: "Search by name or id" }).fill("SLUZA");
  await expect(names).toHaveText(["sluza 9", "Śluza 10"]);
  await page.getByRole("searchbox", { name: "Search by name or id" }).fill("lodz");
  await expect(names).toHaveText(["Łódź"]);
});

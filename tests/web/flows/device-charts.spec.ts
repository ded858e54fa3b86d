import type { Page } from "@playwright/test";

import type { Account, Api, Schemas } from "../support/api";
import { day, minute, importHistory, weather } from "../support/history";
import type { Server } from "../support/server";
import { boxOf, expect, signIn, test } from "../support/test";

type Fixtures = { server: Server; api: Api; ada: Account };

/** Creates a station with a month of readings, one every ten minutes. */
async function makeStation({ server, api, ada }: Fixtures): Promise<{ adaApi: Api; roof: Schemas["DeviceCredentials"] }> {
  const adaApi = await api.signIn(ada);
  const roof = await adaApi.device("Roof station");
  const now = Date.now();
  await importHistory(server, [{ device: roof, since: now - 30 * day, until: now, interval: 10 * minute, payloadAt: (at) => weather(at) }]);
  return { adaApi, roof };
}

const open = (page: Page, ada: Account, id: string) => signIn(page, ada, `/#/devices/${id}`);
const field = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const range = (page: Page, name: string) => page.getByRole("radiogroup", { name: "Time range" }).getByText(name, { exact: true });

/** The number of painted pixels of a chart. Reads a copy, because reading back the chart's own canvas makes it slow. */
const paintedPixels = (page: Page, name: string) =>
  field(page, name)
    .locator("canvas")
    .evaluate((canvas: HTMLCanvasElement) => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
      copy?.drawImage(canvas, 0, 0);
      const { data } = copy?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      let count = 0;
      for (let alpha = 3; alpha < data.length; alpha += 4) if ((data[alpha] ?? 0) > 0) count += 1;
      return count;
    });

/** The share of pixel columns that contain the colour of the line. */
const lineCoverage = (page: Page, name: string) =>
  field(page, name)
    .locator("canvas")
    .evaluate((canvas: HTMLCanvasElement) => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
      copy?.drawImage(canvas, 0, 0);
      const { data } = copy?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const columns = new Set<number>();
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green = 0, blue = 0, alpha = 0] = [data[at], data[at + 1], data[at + 2], data[at + 3]];
        if (alpha > 200 && green - red > 60 && green > blue) columns.add((at / 4) % canvas.width);
      }
      return columns.size / canvas.width;
    });

test("charts show an hour to a year, and can be zoomed @phone", async ({ page, server, api, ada, isMobile }) => {
  const { roof } = await makeStation({ server, api, ada });
  await open(page, ada, roof.device_id);
  const chart = field(page, "temperature").getByRole("img");
  for (const length of ["Hour", "Day", "Month", "Year"]) {
    await range(page, length).click();
    await expect(chart).toHaveAccessibleName(/temperature from .* lowest -?[\d.]+ °C, highest [\d.]+ °C/);
    await expect.poll(() => paintedPixels(page, "temperature")).toBeGreaterThan(500);
  }
  if (isMobile) return; // touch scrolls instead of zooming

  await range(page, "Month").click();
  const initialLabel = await chart.getAttribute("aria-label");
  const box = await boxOf(chart.locator(".u-over"));
  await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 5 });
  await page.mouse.up();
  const zoomOut = page.getByRole("button", { name: "Zoom out" });
  await expect(zoomOut).toBeVisible();
  await expect(chart).not.toHaveAccessibleName(initialLabel ?? "");
  await zoomOut.click();
  await expect(zoomOut).toBeHidden();
  await expect(range(page, "Month")).toBeVisible();
});

test("the charts' data is available as a table", async ({ page, server, api, ada }) => {
  const { roof } = await makeStation({ server, api, ada });
  await open(page, ada, roof.device_id);
  await range(page, "Week").click();
  await page.getByRole("radiogroup", { name: "View" }).getByText("Table").click();
  await expect(page.getByRole("columnheader", { name: "temperature (°C)" })).toBeVisible();
  await expect.poll(() => page.getByRole("row").count()).toBeGreaterThan(20);
});

test("a new reading appears in the chart", async ({ page, api, ada }) => {
  const adaApi = await api.signIn(ada);
  const roof = await adaApi.device("Roof station");
  await open(page, ada, roof.device_id);
  await (await api.asDevice(roof)).sendReading({ metrics: { temperature_c: 77.7 } });
  await expect(field(page, "temperature").getByRole("img")).toHaveAccessibleName(/highest 77.7 °C, last 77.7 °C/);
});

test("slow devices have continuous lines from an hour to a week", async ({ page, server, api, ada }) => {
  const adaApi = await api.signIn(ada);
  const now = Date.now();
  const stations = await Promise.all([5, 60].map(async (minutes) => ({ minutes, device: await adaApi.device(`Every ${minutes} min`) })));
  await importHistory(
    server,
    stations.map(({ minutes, device }) => ({ device, since: now - 8 * day, until: now, interval: minutes * minute, payloadAt: (at: number) => weather(at) })),
  );
  await signIn(page, ada);
  for (const { minutes, device } of stations)
    for (const hours of [1, 3, 12, 168]) {
      if (hours * 60 <= minutes) continue; // a single reading is no line
      const until = new Date(now);
      const since = new Date(now - hours * 60 * minute);
      await page.goto(`/#/devices/${device.device_id}?simulated=no&range=${since.toISOString()}~${until.toISOString()}`);
      await expect(field(page, "temperature").getByRole("img")).toHaveAccessibleName(/lowest/);
      await expect.poll(() => lineCoverage(page, "temperature"), { message: `every ${minutes} min over ${hours} h` }).toBeGreaterThan(hours * 60 > 4 * minutes ? 0.6 : 0.25);
    }
});

test("raw readings are loaded page by page @phone", async ({ page, server, api, ada }) => {
  const { roof } = await makeStation({ server, api, ada });
  await open(page, ada, roof.device_id);
  await page.getByRole("tab", { name: "Readings" }).click();
  await range(page, "Week").click();
  const readings = page.locator(".readings > li");
  await expect(readings).toHaveCount(50);
  await page.getByRole("button", { name: "Show older" }).click();
  await expect(readings).toHaveCount(100);
  await readings.nth(60).getByText("{").first().click();
  await expect(readings.nth(60).locator("pre")).toContainText('"status": "outdoor"');

  await (await api.asDevice(roof)).sendReading({ metrics: { temperature_c: 88.8 } });
  await page.getByRole("button", { name: "Show 1 new reading" }).click();
  await expect(readings.first()).toContainText("88.8");
});

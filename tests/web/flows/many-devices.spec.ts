import type { Page } from "@playwright/test";

import { expect, liveState, signIn, test } from "../support/test";

const many = 10_000;

/** Scrolls through the list, so many pixels a frame, and takes the times between frames. */
const scrollThrough = (page: Page, step: number) =>
  page.evaluate(async (pixels) => {
    const long: number[] = [];
    const tasks = new PerformanceObserver((entries) => long.push(...entries.getEntries().map((each) => each.duration)));
    tasks.observe({ type: "longtask" });
    const frame = () => new Promise<number>((next) => requestAnimationFrame(next));
    const frames: number[] = [];
    let most = 0;
    let before = await frame();
    for (let n = 0; n < 300; ++n) {
      scrollBy(0, pixels);
      const now = await frame();
      frames.push(now - before);
      before = now;
      most = Math.max(most, document.querySelectorAll('[role="row"]').length);
    }
    tasks.disconnect();
    frames.sort((a, b) => a - b);
    const at = (share: number) => Math.round(frames[Math.floor(share * (frames.length - 1))] ?? 0);
    scrollTo(0, 0);
    return { most, median: at(0.5), p95: at(0.95), longest: at(1), longTasks: long.length, longestTask: Math.round(Math.max(0, ...long)) };
  }, step);

test("ten thousand devices are a list like any other", async ({ page, api, ada }, { project }) => {
  test.skip(project.name !== "light", "once is enough");
  test.setTimeout(300_000);
  const hers = await api.signIn(ada);
  const made = Array.from({ length: many }, (_, n) => n);
  const worker = async () => {
    for (let n = made.pop(); n !== undefined; n = made.pop()) await hers.device(`Device ${n}`, n % 2 === 0 ? "weather_station" : "smart_lock");
  };
  await Promise.all(Array.from({ length: 16 }, worker));

  await signIn(page, ada);
  await expect(page.getByText("10,000 devices")).toBeVisible();
  for (const [how, step] of [
    ["as a wheel turns, 100 pixels a frame", 100],
    ["thrown, nearly a screenful a frame", 700],
  ] as const) {
    const { most, median, p95, longest, longTasks, longestTask } = await scrollThrough(page, step);
    console.log(`10,000 devices scrolled ${how}: frames ${median} ms in the middle, ${p95} ms at the 95th of 100, ${longest} ms at most; of 300 frames' tasks ${longTasks} over 50 ms, the longest ${longestTask} ms; at most ${most} rows`);
    expect(most).toBeLessThan(100);
  }

  const search = page.getByRole("searchbox", { name: "Search by name or id" });
  await search.fill("Device 99");
  await expect(page.getByText("111 of 10,000 devices")).toBeVisible();
  await search.fill("");
  await page.getByRole("columnheader", { name: "Category" }).getByRole("button").click();
  await expect(page.getByRole("rowheader").first()).toHaveText("Device 1");
  await page.getByRole("rowheader").first().getByRole("link").focus();
  await page.keyboard.press("End");
  await expect(page.getByRole("link", { name: "Device 9998", exact: true })).toBeFocused();
  await expect(liveState(page)).toHaveText("Live");
});

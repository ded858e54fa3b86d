import { describe, expect, it } from "vitest";

import { type Outcome, forEach } from "./bulk";

const never = new AbortController().signal;
const numbers = Array.from({ length: 20 }, (_, n) => n);

describe("bulk actions", () => {
  it("run with limited concurrency and report progress", async () => {
    let running = 0;
    let peak = 0;
    const reported: Outcome<number>[] = [];
    const work = async () => {
      peak = Math.max(peak, ++running);
      await Promise.resolve();
      running -= 1;
    };
    expect(await forEach(numbers, work, (outcome) => reported.push(outcome), never)).toEqual({ done: 20, failed: [] });
    expect([peak, reported.length, reported.at(-1)?.done]).toEqual([6, 20, 20]);
  });

  it("continue after a failure and return the failed items", async () => {
    const work = (n: number) => (n === 3 ? Promise.reject(new Error("no")) : Promise.resolve());
    const { done, failed } = await forEach(numbers, work, () => undefined, never);
    expect([done, failed.map((entry) => [entry.item, entry.failure.message])]).toEqual([19, [[3, "no"]]]);
  });

  it("start nothing new after they are aborted", async () => {
    const stop = new AbortController();
    const { done } = await forEach(
      numbers,
      (n) => {
        if (n === 2) stop.abort();
        return Promise.resolve();
      },
      () => undefined,
      stop.signal,
    );
    expect(done).toBeLessThan(numbers.length);
    expect((await forEach(numbers, () => Promise.resolve(), () => undefined, stop.signal)).done).toBe(0);
  });
});

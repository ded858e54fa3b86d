import { describe, expect, it } from "vitest";

import { type Outcome, forEach } from "./bulk";

const never = new AbortController().signal;
const numbers = Array.from({ length: 20 }, (_, n) => n);

describe("bulk actions", () => {
  it("do the same to each, a few at a time, and tell how it stands", async () => {
    let running = 0;
    let most = 0;
    const told: Outcome<number>[] = [];
    const work = async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running -= 1;
    };
    expect(await forEach(numbers, work, (outcome) => told.push(outcome), never)).toEqual({ done: 20, failed: [] });
    expect([most, told.length, told.at(-1)?.done]).toEqual([6, 20, 20]);
  });

  it("go on after a failure, and say what failed", async () => {
    const work = (n: number) => (n === 3 ? Promise.reject(new Error("no")) : Promise.resolve());
    const { done, failed } = await forEach(numbers, work, () => undefined, never);
    expect([done, failed.map((each) => [each.item, each.failure.message])]).toEqual([19, [[3, "no"]]]);
  });

  it("begin nothing new once they are stopped", async () => {
    const stop = new AbortController();
    const { done } = await forEach(numbers, (n) => Promise.resolve(n === 2 ? stop.abort() : undefined), () => undefined, stop.signal);
    expect(done).toBeLessThan(numbers.length);
    expect((await forEach(numbers, () => Promise.resolve(), () => undefined, stop.signal)).done).toBe(0);
  });
});

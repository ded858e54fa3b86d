import { describe, expect, it } from "vitest";

import { settle } from "./live-feed";
import type { Paged } from "./paged";

type Item = { id: number; open: boolean };
const item = (id: number, open = true): Item => ({ id, open });
const list: Paged<Item> = { pages: [{ items: [item(5), item(4)], next: "c" }], pageParams: [undefined] };
const waiting = new Map([item(6), item(5, false), item(7, false)].map((each) => [each.id, each]));
const isOpen = (each: Item) => each.open;
const shown = (of: Paged<Item>) => of.pages[0]?.items.map((each) => [each.id, each.open]);

describe("a live list", () => {
  it("is as it would be fetched now, at its top", () => {
    const next = settle(list, waiting, true, isOpen);
    expect(shown(next.list)).toEqual([[6, true], [4, true]]);
    expect(next.waiting.size).toBe(0);
  });

  it("moves nothing while one reads further down, and lets wait what is new and fits", () => {
    const next = settle(list, waiting, false, isOpen);
    expect(shown(next.list)).toEqual([[5, false], [4, true]]);
    expect([...next.waiting.keys()]).toEqual([6]);
    const again = settle(next.list, next.waiting, false, isOpen);
    expect([...again.waiting.keys()]).toEqual([6]);
  });
});

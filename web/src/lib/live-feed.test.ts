import { describe, expect, it } from "vitest";

import { mergeWaiting } from "./live-feed";
import type { Paged } from "./paged";

type Item = { id: number; open: boolean };
const item = (id: number, open = true): Item => ({ id, open });
const list: Paged<Item> = { pages: [{ items: [item(5), item(4)], next: "c" }], pageParams: [undefined] };
const waiting = new Map([item(6), item(5, false), item(7, false)].map((entry) => [entry.id, entry]));
const isOpen = (entry: Item) => entry.open;
const shown = (paged: Paged<Item>) => paged.pages[0]?.items.map((entry) => [entry.id, entry.open]);

describe("a live list", () => {
  it("applies all changes at its top", () => {
    const next = mergeWaiting(list, waiting, true, isOpen);
    expect(shown(next.list)).toEqual([[6, true], [4, true]]);
    expect(next.waiting.size).toBe(0);
  });

  it("moves nothing further down, and holds back new matching items", () => {
    const next = mergeWaiting(list, waiting, false, isOpen);
    expect(shown(next.list)).toEqual([[5, false], [4, true]]);
    expect([...next.waiting.keys()]).toEqual([6]);
    const second = mergeWaiting(next.list, next.waiting, false, isOpen);
    expect([...second.waiting.keys()]).toEqual([6]);
  });
});

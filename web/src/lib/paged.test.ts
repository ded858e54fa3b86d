import { describe, expect, it } from "vitest";

import { type Paged, filterItems, replaceNewestPage, mergeItems } from "./paged";

type Item = { id: number; name?: string };
const list = (...pages: number[][]): Paged<Item> => ({ pages: pages.map((ids) => ({ items: ids.map((id) => ({ id })), next: "c" })), pageParams: pages.map(() => undefined) });
const ids = (paged: Paged<Item>) => paged.pages.map((page) => page.items.map((item) => item.id));

describe("a list in pages", () => {
  it("adds new items at the top, newest first, without duplicates", () => {
    expect(ids(mergeItems(list([5, 4], [3]), [{ id: 6 }, { id: 7 }, { id: 7 }]))).toEqual([[7, 6, 5, 4], [3]]);
  });

  it("adds older items in order, and skips those of later pages", () => {
    expect(ids(mergeItems(list([9, 7], [5]), [{ id: 8 }, { id: 6 }, { id: 4 }]))).toEqual([[9, 8, 7], [6, 5]]);
    const singlePage: Paged<Item> = { pages: [{ items: [], next: undefined }], pageParams: [undefined] };
    expect(ids(mergeItems(singlePage, [{ id: 1 }, { id: 2 }]))).toEqual([[2, 1]]);
  });

  it("replaces known items in place", () => {
    const after = mergeItems(list([5, 4], [3]), [{ id: 3, name: "changed" }]);
    expect(ids(after)).toEqual([[5, 4], [3]]);
    expect(after.pages[1]?.items[0]).toEqual({ id: 3, name: "changed" });
  });

  it("removes items that no longer match", () => {
    expect(ids(filterItems(list([5, 4], [3]), (item) => item.id !== 4))).toEqual([[5], [3]]);
  });

  it("keeps items older than a refetched page", () => {
    const after = replaceNewestPage(list([6, 5, 4], [3, 2]), { items: [{ id: 8 }, { id: 6 }, { id: 5 }], next: "n" });
    expect(ids(after)).toEqual([[8, 6, 5], [4], [3, 2]]);
    expect(after.pages.map((page) => page.next)).toEqual(["n", "c", "c"]);
  });

  it("removes items that the refetched page no longer has", () => {
    expect(ids(replaceNewestPage(list([6, 5, 4]), { items: [{ id: 6 }, { id: 4 }], next: "n" }))).toEqual([[6, 4]]);
    expect(ids(replaceNewestPage(list([2, 1]), { items: [{ id: 3 }], next: undefined }))).toEqual([[3]]);
    expect(ids(replaceNewestPage(list([2, 1]), { items: [], next: undefined }))).toEqual([[]]);
  });

  it("starts over if the refetched page doesn't overlap", () => {
    const after = replaceNewestPage(list([5, 4], [3]), { items: [{ id: 9 }, { id: 8 }], next: "n" });
    expect(ids(after)).toEqual([[9, 8]]);
    expect(after.pageParams).toEqual([undefined]);
  });
});

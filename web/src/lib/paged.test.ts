import { describe, expect, it } from "vitest";

import { type Paged, keeping, renewed, withNew } from "./paged";

type Item = { id: number; name?: string };
const list = (...pages: number[][]): Paged<Item> => ({ pages: pages.map((ids) => ({ items: ids.map((id) => ({ id })), next: "c" })), pageParams: pages.map(() => undefined) });
const ids = (of: Paged<Item>) => of.pages.map((page) => page.items.map((each) => each.id));

describe("a list in pages", () => {
  it("takes what is new on top, newest first, and each once", () => {
    expect(ids(withNew(list([5, 4], [3]), [{ id: 6 }, { id: 7 }, { id: 7 }]))).toEqual([[7, 6, 5, 4], [3]]);
  });

  it("takes what is older where it belongs, and leaves to later pages what is theirs", () => {
    expect(ids(withNew(list([9, 7], [5]), [{ id: 8 }, { id: 6 }, { id: 4 }]))).toEqual([[9, 8, 7], [6, 5]]);
    const whole: Paged<Item> = { pages: [{ items: [], next: undefined }], pageParams: [undefined] };
    expect(ids(withNew(whole, [{ id: 1 }, { id: 2 }]))).toEqual([[2, 1]]);
  });

  it("replaces what it has where it stands", () => {
    const after = withNew(list([5, 4], [3]), [{ id: 3, name: "changed" }]);
    expect(ids(after)).toEqual([[5, 4], [3]]);
    expect(after.pages[1]?.items[0]).toEqual({ id: 3, name: "changed" });
  });

  it("drops what doesn't fit any more", () => {
    expect(ids(keeping(list([5, 4], [3]), (each) => each.id !== 4))).toEqual([[5], [3]]);
  });

  it("keeps what is older than a page that was fetched anew", () => {
    const after = renewed(list([6, 5, 4], [3, 2]), { items: [{ id: 8 }, { id: 6 }, { id: 5 }], next: "n" });
    expect(ids(after)).toEqual([[8, 6, 5], [4], [3, 2]]);
    expect(after.pages.map((page) => page.next)).toEqual(["n", "c", "c"]);
  });

  it("lets go what that page doesn't have any more", () => {
    expect(ids(renewed(list([6, 5, 4]), { items: [{ id: 6 }, { id: 4 }], next: "n" }))).toEqual([[6, 4]]);
    expect(ids(renewed(list([2, 1]), { items: [{ id: 3 }], next: undefined }))).toEqual([[3]]);
    expect(ids(renewed(list([2, 1]), { items: [], next: undefined }))).toEqual([[]]);
  });

  it("begins anew where more was missed than that page has", () => {
    const after = renewed(list([5, 4], [3]), { items: [{ id: 9 }, { id: 8 }], next: "n" });
    expect(ids(after)).toEqual([[9, 8]]);
    expect(after.pageParams).toEqual([undefined]);
  });
});

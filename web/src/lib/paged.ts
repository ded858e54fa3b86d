import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import type { Page } from "./api";
import { useSession } from "./SessionProvider";

/** A list as far as it was fetched, page by page. */
export type Paged<T> = InfiniteData<Page<T>, string | undefined>;
type Numbered = { id: number };

/** Where in the list one of this number belongs; undefined where that isn't fetched yet, and comes with a later page. */
function pageFor(list: Paged<Numbered>, id: number): number | undefined {
  const index = list.pages.findIndex((page) => (page.items.at(-1)?.id ?? Number.POSITIVE_INFINITY) < id);
  if (index >= 0) return index;
  return list.pages.at(-1)?.next === undefined ? list.pages.length - 1 : undefined;
}

/** The list, which has the highest number first, with these: those it has already take the place of what they were. */
export function withNew<T extends Numbered>(list: Paged<T>, items: readonly T[]): Paged<T> {
  const left = new Map(items.map((each) => [each.id, each]));
  const pages = list.pages.map((page) => ({
    ...page,
    items: page.items.map((each) => {
      const next = left.get(each.id);
      left.delete(each.id);
      return next ?? each;
    }),
  }));
  for (const each of left.values()) {
    const page = pages[pageFor({ ...list, pages }, each.id) ?? -1];
    if (page !== undefined) page.items = [...page.items, each].sort((a, b) => b.id - a.id);
  }
  return { ...list, pages };
}

/** The list without those that don't fit any more. */
export function keeping<T>(list: Paged<T>, fits: (item: T) => boolean): Paged<T> {
  return { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.filter(fits) })) };
}

/**
 * The list with its newest page fetched anew, after a gap in what was heard, or where nothing is heard: what is older than that page
 * stays where the two meet; where they don't it goes, so that nothing is left out in between.
 */
export function renewed<T extends Numbered>(list: Paged<T>, newest: Page<T>): Paged<T> {
  const fetched = new Set(newest.items.map((each) => each.id));
  const last = newest.items.at(-1)?.id;
  const meets = list.pages.some((page) => page.items.some((each) => fetched.has(each.id)));
  const older = newest.next === undefined || last === undefined || !meets ? [] : keeping(list, (each) => each.id < last).pages.filter((page) => page.items.length > 0);
  const pages = [newest, ...older];
  return { pages, pageParams: pages.map(() => undefined) };
}

/** A list of the API, fetched as it is scrolled; `path` is its address, to which the cursor is added. */
export function usePaged<T>(queryKey: readonly unknown[], path: string) {
  const session = useSession();
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => session.page<T>(pageParam === undefined ? path : `${path}&cursor=${encodeURIComponent(pageParam)}`, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    // What changes is heard of; coming back to the page fetches it anew.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { ...query, items };
}

import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import type { Page } from "./api";
import { useSession } from "./SessionProvider";

/** The pages of a list that were fetched. */
export type Paged<T> = InfiniteData<Page<T>, string | undefined>;
type Numbered = { id: number };

/** The index of the page to which the id belongs; undefined if that page isn't fetched yet. */
function pageFor(list: Paged<Numbered>, id: number): number | undefined {
  const index = list.pages.findIndex((page) => (page.items.at(-1)?.id ?? Number.POSITIVE_INFINITY) < id);
  if (index >= 0) return index;
  return list.pages.at(-1)?.next === undefined ? list.pages.length - 1 : undefined;
}

/** Merges items into the list (highest id first). Known items are replaced in place. */
export function mergeItems<T extends Numbered>(list: Paged<T>, items: readonly T[]): Paged<T> {
  const remaining = new Map(items.map((item) => [item.id, item]));
  const pages = list.pages.map((page) => ({
    ...page,
    items: page.items.map((item) => {
      const next = remaining.get(item.id);
      remaining.delete(item.id);
      return next ?? item;
    }),
  }));
  for (const item of remaining.values()) {
    const page = pages[pageFor({ ...list, pages }, item.id) ?? -1];
    if (page !== undefined) page.items = [...page.items, item].sort((a, b) => b.id - a.id);
  }
  return { ...list, pages };
}

export function filterItems<T>(list: Paged<T>, fits: (item: T) => boolean): Paged<T> {
  return { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.filter(fits) })) };
}

/**
 * Replaces the newest page after a gap or a poll. Older items stay if the list overlaps the new page; otherwise they are dropped, so
 * that the list has no hole.
 */
export function replaceNewestPage<T extends Numbered>(list: Paged<T>, newest: Page<T>): Paged<T> {
  const fetchedIds = new Set(newest.items.map((item) => item.id));
  const last = newest.items.at(-1)?.id;
  const overlaps = list.pages.some((page) => page.items.some((item) => fetchedIds.has(item.id)));
  const older = newest.next === undefined || last === undefined || !overlaps ? [] : filterItems(list, (item) => item.id < last).pages.filter((page) => page.items.length > 0);
  const pages = [newest, ...older];
  return { pages, pageParams: pages.map(() => undefined) };
}

/** A list of the API, fetched page by page. `path` must contain a query, to which the cursor is appended. */
export function usePaged<T>(queryKey: readonly unknown[], path: string) {
  const session = useSession();
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => session.page<T>(pageParam === undefined ? path : `${path}&cursor=${encodeURIComponent(pageParam)}`, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    // Live events keep the list current; coming back to the page fetches it again.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { ...query, items };
}

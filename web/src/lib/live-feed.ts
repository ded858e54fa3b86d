import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import type { Page } from "./api";
import { useAtTop } from "./at-top";
import type { LiveEvent } from "./live";
import { useLive } from "./LiveProvider";
import { type Paged, filterItems, replaceNewestPage, usePaged, mergeItems } from "./paged";
import { useSession } from "./SessionProvider";

/** With more waiting items than this, the newest page is fetched instead. */
const maxWaiting = 2000;

type Waiting<T> = ReadonlyMap<number, T>;
const noWaiting: Waiting<never> = new Map<number, never>();

/**
 * Merges waiting items into the list; returns the list and the items that keep waiting. At the top, all items are merged and items that
 * don't match are removed. Elsewhere nothing moves: listed items are updated in place, and new ones keep waiting.
 */
export function mergeWaiting<T extends { id: number }>(list: Paged<T>, waiting: Waiting<T>, atTop: boolean, fits: (item: T) => boolean): { list: Paged<T>; waiting: Waiting<T> } {
  if (atTop) return { list: filterItems(mergeItems(list, [...waiting.values()]), fits), waiting: noWaiting };
  const listedIds = new Set(list.pages.flatMap((page) => page.items.map((item) => item.id)));
  const items = [...waiting.values()];
  return {
    list: mergeItems(list, items.filter((item) => listedIds.has(item.id))),
    waiting: new Map(items.filter((item) => !listedIds.has(item.id) && fits(item)).map((item) => [item.id, item])),
  };
}

/**
 * A live list of the API, newest first. `itemOf` extracts an item from an event, and `fits` returns whether the list contains it. At its
 * top the list is always current. Further down nothing moves: new items wait, and items that no longer match stay. Listed items are
 * always updated.
 */
export function useLiveFeed<T extends { id: number }>(name: string, path: string, itemOf: (event: LiveEvent) => T | undefined, fits: (item: T) => boolean) {
  const session = useSession();
  const queries = useQueryClient();
  const key = useMemo(() => [name, path], [name, path]);
  const feed = usePaged<T>(key, path);
  const [waiting, setWaiting] = useState<Waiting<T>>(noWaiting);
  const [merged, setMerged] = useState(true);
  /** The number of gaps since the list was complete. */
  const [gaps, setGaps] = useState(0);
  const atTop = useAtTop();
  // Changes during a fetch would be lost, because the fetch builds on the previous list.
  const steady = feed.isSuccess && !feed.isFetching && gaps === 0;

  /** Queues changed items until the list is steady. */
  const update = (changed: readonly T[]) => {
    if (changed.length === 0) return;
    setMerged(false);
    setWaiting((previous) => new Map([...previous, ...changed.map((item) => [item.id, item] as const)]));
  };
  const reload = () => setGaps((count) => count + 1);
  useLive((events) => update(events.flatMap((event) => itemOf(event) ?? [])), reload);

  useEffect(() => {
    setWaiting(noWaiting);
    setGaps(0);
  }, [key]);
  useEffect(() => {
    if (waiting.size <= maxWaiting) return;
    setWaiting(noWaiting);
    setGaps((count) => count + 1);
  }, [waiting]);
  useEffect(() => {
    const list = queries.getQueryData<Paged<T>>(key);
    if (!steady || merged || list === undefined) return;
    const next = mergeWaiting(list, waiting, atTop, fits);
    queries.setQueryData<Paged<T>>(key, next.list);
    setWaiting(next.waiting);
    setMerged(true);
  }, [atTop, steady, merged, waiting, fits, key, queries]);
  useEffect(() => {
    if (atTop) setMerged(false);
  }, [atTop]);
  useEffect(() => {
    if (!atTop || !feed.isSuccess || gaps === 0) return;
    let current = true;
    queries
      .query<Page<T>>({ queryKey: [...key, "newest"], queryFn: () => session.page<T>(path), gcTime: 0 })
      .then((newest) => {
        if (!current) return;
        queries.setQueryData<Paged<T>>(key, (list) => list && replaceNewestPage(list, newest));
        setGaps(0);
      })
      .catch(() => undefined); // the gap stays visible; the next gap or the user retries
    return () => {
      current = false;
    };
  }, [atTop, feed.isSuccess, gaps, key, path, queries, session]);

  return { ...feed, waiting: atTop ? 0 : waiting.size, gap: gaps > 0, update, reload };
}

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";

import type { Page } from "./api";
import { useAtTop } from "./at-top";
import type { LiveEvent } from "./live";
import { useLive } from "./LiveProvider";
import { type Paged, keeping, renewed, usePaged, withNew } from "./paged";
import { useSession } from "./SessionProvider";

/** Who scrolled down, and is away while so many come, gets the newest page in place of them. */
const mostWaiting = 2000;

type Waiting<T> = ReadonlyMap<number, T>;
const nothing: Waiting<never> = new Map<number, never>();

/**
 * A list of the API, newest first, that is live: `heard` says which events are of it, and `fits` whether the list would have
 * them. At its top it is always as it would be fetched now; while one reads further down nothing moves: what is new waits, what
 * doesn't fit any more stays. What is known is always shown as it is now.
 */
export function useLiveFeed<T extends { id: number }>(name: string, path: string, heard: (event: LiveEvent) => T | undefined, fits: (item: T) => boolean) {
  const session = useSession();
  const queries = useQueryClient();
  const key = useMemo(() => [name, path], [name, path]);
  const feed = usePaged<T>(key, path);
  const [waiting, setWaiting] = useState<Waiting<T>>(nothing);
  const [settled, setSettled] = useState(true);
  /** How many gaps there were since the list was whole. */
  const [gaps, setGaps] = useState(0);
  const atTop = useAtTop();
  const steady = feed.isSuccess && gaps === 0;
  const change = useCallback((how: (list: Paged<T>) => Paged<T>) => queries.setQueryData<Paged<T>>(key, (list) => list && how(list)), [queries, key]);

  /** Takes what has become of some. While the list is fetched all of it waits, to be put on top. */
  const take = (changed: readonly T[]) => {
    if (changed.length === 0) return;
    const known = new Set(queries.getQueryData<Paged<T>>(key)?.pages.flatMap((page) => page.items.map((each) => each.id)));
    change((list) => withNew(list, changed.filter((each) => known.has(each.id))));
    setSettled(false);
    setWaiting((before) => {
      const next = new Map(before);
      for (const each of changed) {
        if (!steady || (fits(each) && !known.has(each.id))) next.set(each.id, each);
        else next.delete(each.id);
      }
      return next;
    });
  };
  const missed = () => setGaps((before) => before + 1);
  useLive((events) => take(events.flatMap((each) => heard(each) ?? [])), missed);

  useEffect(() => {
    setWaiting(nothing);
    setGaps(0);
  }, [key]);
  useEffect(() => {
    if (waiting.size <= mostWaiting) return;
    setWaiting(nothing);
    setGaps((before) => before + 1);
  }, [waiting]);
  useEffect(() => {
    if (!atTop || !steady || settled) return;
    change((list) => keeping(withNew(list, [...waiting.values()]), fits));
    setWaiting(nothing);
    setSettled(true);
  }, [atTop, steady, settled, waiting, change, fits]);
  useEffect(() => {
    if (!atTop || !feed.isSuccess || gaps === 0) return;
    let current = true;
    queries
      .fetchQuery<Page<T>>({ queryKey: [...key, "newest"], queryFn: () => session.page<T>(path), gcTime: 0 })
      .then((newest) => {
        if (!current) return;
        change((list) => renewed(list, newest));
        setGaps(0);
      })
      .catch(() => undefined); // it stays a gap, and is shown as one; the next one, or whoever asks, tries again
    return () => {
      current = false;
    };
  }, [atTop, feed.isSuccess, gaps, change, key, path, queries, session]);

  return { ...feed, waiting: waiting.size, gap: gaps > 0, take, again: missed };
}

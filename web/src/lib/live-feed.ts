import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

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
 * The list with what waited, and what goes on waiting. At the top all goes in, and out what doesn't fit; elsewhere nothing moves:
 * what is there is changed where it stands, and what is new waits.
 */
export function settle<T extends { id: number }>(list: Paged<T>, waiting: Waiting<T>, atTop: boolean, fits: (item: T) => boolean): { list: Paged<T>; waiting: Waiting<T> } {
  if (atTop) return { list: keeping(withNew(list, [...waiting.values()]), fits), waiting: nothing };
  const known = new Set(list.pages.flatMap((page) => page.items.map((each) => each.id)));
  const left = [...waiting.values()];
  return {
    list: withNew(list, left.filter((each) => known.has(each.id))),
    waiting: new Map(left.filter((each) => !known.has(each.id) && fits(each)).map((each) => [each.id, each])),
  };
}

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
  // What is changed while a page is fetched would be lost: the list is put together from what it was before.
  const steady = feed.isSuccess && !feed.isFetching && gaps === 0;

  /** Takes what has become of some. All of it waits for the list to be steady. */
  const take = (changed: readonly T[]) => {
    if (changed.length === 0) return;
    setSettled(false);
    setWaiting((before) => new Map([...before, ...changed.map((each) => [each.id, each] as const)]));
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
    const list = queries.getQueryData<Paged<T>>(key);
    if (!steady || settled || list === undefined) return;
    const next = settle(list, waiting, atTop, fits);
    queries.setQueryData<Paged<T>>(key, next.list);
    setWaiting(next.waiting);
    setSettled(true);
  }, [atTop, steady, settled, waiting, fits, key, queries]);
  useEffect(() => {
    if (atTop) setSettled(false);
  }, [atTop]);
  useEffect(() => {
    if (!atTop || !feed.isSuccess || gaps === 0) return;
    let current = true;
    queries
      .fetchQuery<Page<T>>({ queryKey: [...key, "newest"], queryFn: () => session.page<T>(path), gcTime: 0 })
      .then((newest) => {
        if (!current) return;
        queries.setQueryData<Paged<T>>(key, (list) => list && renewed(list, newest));
        setGaps(0);
      })
      .catch(() => undefined); // it stays a gap, and is shown as one; the next one, or whoever asks, tries again
    return () => {
      current = false;
    };
  }, [atTop, feed.isSuccess, gaps, key, path, queries, session]);

  return { ...feed, waiting: atTop ? 0 : waiting.size, gap: gaps > 0, take, again: missed };
}

import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";

import { remember, recall } from "./view-memory";

/**
 * The hash holds the address of a page: `#/devices/7?range=day`. The query holds the state of the view, so that a reload, Back and a
 * shared link show the same.
 */
export function partsOf(hash: string): { path: string; query: string } {
  const [path = "", ...query] = hash.replace(/^#?\/?/, "").split("?");
  return { path: `/${path}`, query: query.join("?") };
}

const listeners = new Set<() => void>();
const notify = () => {
  for (const listener of listeners) listener();
};

function watch(listener: () => void): () => void {
  if (listeners.size === 0) addEventListener("popstate", notify);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) removeEventListener("popstate", notify);
  };
}

/** Navigates to `/path?query`. */
export function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  const { path, query } = partsOf(to);
  history[replace ? "replaceState" : "pushState"](null, "", `#${path}${query === "" ? "" : `?${query}`}`);
  notify();
}

const path = () => partsOf(location.hash).path;
const query = () => partsOf(location.hash).query;

/** The location hook for wouter's Router. It exposes the path without the query. */
export function usePath(): [string, typeof navigate] {
  return [useSyncExternalStore(watch, path), navigate];
}
usePath.hrefs = (href: string) => `#${href}`;

/** Reads and writes a value as query parameters. Default values are left out. */
export type QueryCodec<T> = {
  names: readonly string[];
  read(query: URLSearchParams): T;
  /** REQUIRES: `query` has no parameter of these names. */
  write(value: T, query: URLSearchParams): void;
};

/** The query as readable text: `:`, `,`, `~`, `@` and `/` are not encoded. */
export function textOf(query: URLSearchParams): string {
  return query.toString().replace(/%(3A|2C|7E|40|2F)/g, (code) => decodeURIComponent(code));
}

function updatedQuery<T>(text: string, codec: QueryCodec<T>, value: T): string {
  const next = new URLSearchParams(text);
  for (const name of codec.names) next.delete(name);
  codec.write(value, next);
  return textOf(next);
}

/** The part of the query that belongs to a codec. */
function relevantQuery(text: string, names: readonly string[]): string {
  const relevant = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(text)) if (names.includes(name)) relevant.append(name, value);
  return relevant.toString();
}

/**
 * Like useState, but the value is kept in the address. `push`: each change adds a history entry, so that Back undoes it. `rememberAs`:
 * the key under which the value is remembered for the next visit without a query.
 */
export function useQueryState<T>(codec: QueryCodec<T>, { push = false, rememberAs }: { push?: boolean; rememberAs?: string } = {}): [T, (next: T) => void] {
  const queryText = relevantQuery(useSyncExternalStore(watch, query), codec.names);
  const value = useMemo(() => codec.read(new URLSearchParams(queryText)), [queryText, codec]);
  const set = useCallback(
    (next: T) => {
      const current = query();
      const updated = updatedQuery(current, codec, next);
      if (updated !== current) navigate(`${path()}?${updated}`, { replace: !push });
    },
    [codec, push],
  );
  useEffect(() => {
    if (rememberAs === undefined || queryText !== "") return;
    const previous = recall<T | undefined>(rememberAs, undefined);
    if (previous !== undefined) navigate(`${path()}?${updatedQuery(query(), codec, previous)}`, { replace: true });
    // Only on arrival: later, an empty query means the defaults.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useEffect(() => {
    if (rememberAs !== undefined) remember(rememberAs, value);
  }, [rememberAs, value]);
  return [value, set];
}

/** A text; "" by default. */
export function textCodec(name: string): QueryCodec<string> {
  return {
    names: [name],
    read: (from) => from.get(name) ?? "",
    write: (value, to) => {
      if (value !== "") to.set(name, value);
    },
  };
}

/** One of several words; the first is the default. */
export function choiceCodec<T extends string>(name: string, words: readonly [T, ...T[]]): QueryCodec<T> {
  return {
    names: [name],
    read: (from) => words.find((word) => word === from.get(name)) ?? words[0],
    write: (value, to) => {
      if (value !== words[0]) to.set(name, value);
    },
  };
}

export function flagCodec(name: string, initial: boolean): QueryCodec<boolean> {
  return {
    names: [name],
    read: (from) => (from.has(name) ? from.get(name) === "yes" : initial),
    write: (value, to) => {
      if (value !== initial) to.set(name, value ? "yes" : "no");
    },
  };
}

/** A whole number from 1. */
export function numberCodec(name: string): QueryCodec<number | null> {
  return {
    names: [name],
    read: (from) => (/^[1-9]\d{0,14}$/.test(from.get(name) ?? "") ? Number(from.get(name)) : null),
    write: (value, to) => {
      if (value !== null) to.set(name, String(value));
    },
  };
}

/** Items without commas. A longer list than `limit` is not written. */
export function listCodec(name: string, limit: number): QueryCodec<readonly string[]> {
  return {
    names: [name],
    read: (from) => from.get(name)?.split(",").slice(0, limit) ?? [],
    write: (value, to) => {
      if (value.length > 0 && value.length <= limit) to.set(name, value.join(","));
    },
  };
}

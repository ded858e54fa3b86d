import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";

import { keep, recall } from "./kept";

/**
 * The address of a page is in the hash: `#/devices/7?range=day`. After the path stands what is looked at, so that a reload, Back and a
 * colleague who is sent the address show the same.
 */
export function partsOf(hash: string): { path: string; query: string } {
  const [path = "", ...query] = hash.replace(/^#?\/?/, "").split("?");
  return { path: `/${path}`, query: query.join("?") };
}

const listeners = new Set<() => void>();
const changed = () => {
  for (const each of listeners) each();
};

function watch(listener: () => void): () => void {
  if (listeners.size === 0) addEventListener("popstate", changed);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) removeEventListener("popstate", changed);
  };
}

/** Goes to `/path?query`. */
export function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  const { path, query } = partsOf(to);
  history[replace ? "replaceState" : "pushState"](null, "", `#${path}${query === "" ? "" : `?${query}`}`);
  changed();
}

const path = () => partsOf(location.hash).path;
const query = () => partsOf(location.hash).query;

/** For wouter's Router, which shall know of the path alone. */
export function usePath(): [string, typeof navigate] {
  return [useSyncExternalStore(watch, path), navigate];
}
usePath.hrefs = (href: string) => `#${href}`;

/** How something stands in an address: by names of its own, of which those that are as usual are left out. */
export type Wording<T> = {
  names: readonly string[];
  read(query: URLSearchParams): T;
  /** Sets names that `query` has none of. */
  write(value: T, query: URLSearchParams): void;
};

/** As people read it: of what a query may have, only `&`, `=`, `+`, `%`, `#` and what isn't ASCII has to be encoded. */
export function textOf(query: URLSearchParams): string {
  return query.toString().replace(/%(3A|2C|7E|40|2F)/g, (code) => decodeURIComponent(code));
}

function rewritten<T>(text: string, wording: Wording<T>, value: T): string {
  const next = new URLSearchParams(text);
  for (const each of wording.names) next.delete(each);
  wording.write(value, next);
  return textOf(next);
}

/** Of an address what a wording is about. */
function ownPart(text: string, names: readonly string[]): string {
  const own = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(text)) if (names.includes(name)) own.append(name, value);
  return own.toString();
}

/**
 * As useState, but the value is in the address. `push`: what is set becomes an entry of its own in the history, so that Back undoes it.
 * `kept`: who comes to the page by a link that says nothing finds it as they left it.
 */
export function useAddressed<T>(wording: Wording<T>, { push = false, kept }: { push?: boolean; kept?: string } = {}): [T, (next: T) => void] {
  const own = ownPart(useSyncExternalStore(watch, query), wording.names);
  const value = useMemo(() => wording.read(new URLSearchParams(own)), [own, wording]);
  const set = useCallback(
    (next: T) => {
      const before = query();
      const after = rewritten(before, wording, next);
      if (after !== before) navigate(`${path()}?${after}`, { replace: !push });
    },
    [wording, push],
  );
  useEffect(() => {
    if (kept === undefined || own !== "") return;
    const before = recall<T | undefined>(kept, undefined);
    if (before !== undefined) navigate(`${path()}?${rewritten(query(), wording, before)}`, { replace: true });
    // Only on arrival: later an empty address is what was asked for.
  }, []);
  useEffect(() => {
    if (kept !== undefined) keep(kept, value);
  }, [kept, value]);
  return [value, set];
}

/** A text; "" where there is none. */
export function word(name: string): Wording<string> {
  return {
    names: [name],
    read: (from) => from.get(name) ?? "",
    write: (value, to) => {
      if (value !== "") to.set(name, value);
    },
  };
}

/** One of some words, of which the first is usual. */
export function choice<T extends string>(name: string, words: readonly [T, ...T[]]): Wording<T> {
  return {
    names: [name],
    read: (from) => words.find((each) => each === from.get(name)) ?? words[0],
    write: (value, to) => {
      if (value !== words[0]) to.set(name, value);
    },
  };
}

export function flag(name: string, usual: boolean): Wording<boolean> {
  return {
    names: [name],
    read: (from) => (from.has(name) ? from.get(name) === "yes" : usual),
    write: (value, to) => {
      if (value !== usual) to.set(name, value ? "yes" : "no");
    },
  };
}

/** A whole number from 1 on. */
export function number(name: string): Wording<number | null> {
  return {
    names: [name],
    read: (from) => (/^[1-9]\d{0,14}$/.test(from.get(name) ?? "") ? Number(from.get(name)) : null),
    write: (value, to) => {
      if (value !== null) to.set(name, String(value));
    },
  };
}

/** Names, numbers or ids that have no comma; more than `most` are in no address. */
export function list(name: string, most: number): Wording<readonly string[]> {
  return {
    names: [name],
    read: (from) => from.get(name)?.split(",").slice(0, most) ?? [],
    write: (value, to) => {
      if (value.length > 0 && value.length <= most) to.set(name, value.join(","));
    },
  };
}

import { useCallback, useState } from "react";

/** What pages remember while others are looked at: filters, places. In memory, until the sign-in is over. */
const kept = new Map<string, unknown>();

export function forgetKept(): void {
  kept.clear();
}

export function keep(key: string, value: unknown): void {
  kept.set(key, value);
}

export function recall<T>(key: string, initial: T): T {
  return kept.has(key) ? (kept.get(key) as T) : initial;
}

/** As useState, but the value is there again when the page comes back. */
export function useKept<T>(key: string, initial: T): [T, (next: T) => void] {
  const [value, setValue] = useState<T>(() => recall(key, initial));
  const set = useCallback(
    (next: T) => {
      keep(key, next);
      setValue(next);
    },
    [key],
  );
  return [value, set];
}

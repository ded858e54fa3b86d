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

/** View state that pages remember while other pages are open: filters, scroll positions. In memory, until the session ends. */
const memory = new Map<string, unknown>();

export function clearViewMemory(): void {
  memory.clear();
}

export function remember(key: string, value: unknown): void {
  memory.set(key, value);
}

export function recall<T>(key: string, initial: T): T {
  return memory.has(key) ? (memory.get(key) as T) : initial;
}

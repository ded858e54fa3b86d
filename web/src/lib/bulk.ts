export type Outcome<T> = { done: number; failed: { item: T; failure: Error }[] };

/** Requests in flight: enough to be fast, few enough not to load the server. */
const concurrency = 6;

/**
 * Runs `work` for each item. A failure doesn't stop the others. After `signal` is aborted, nothing new starts. `onProgress` is called
 * after each item.
 */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>, onProgress: (outcome: Outcome<T>) => void, signal: AbortSignal): Promise<Outcome<T>> {
  let outcome: Outcome<T> = { done: 0, failed: [] };
  let next = 0;
  const worker = async () => {
    while (next < items.length && !signal.aborted) {
      const item = items[next++] as T;
      try {
        await work(item);
        outcome = { ...outcome, done: outcome.done + 1 };
      } catch (failure) {
        outcome = { ...outcome, failed: [...outcome.failed, { item, failure: failure instanceof Error ? failure : new Error(String(failure)) }] };
      }
      onProgress(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  return outcome;
}

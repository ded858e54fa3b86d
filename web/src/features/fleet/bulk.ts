export type Outcome<T> = { done: number; failed: { item: T; failure: Error }[] };

/** At once: enough to be quick, few enough to leave the server to others. */
const atOnce = 6;

/**
 * Does the same to each of many. What fails doesn't keep the others from being tried; after `signal` nothing new is begun.
 * `told` hears how it stands after each.
 */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>, told: (outcome: Outcome<T>) => void, signal: AbortSignal): Promise<Outcome<T>> {
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
      told(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return outcome;
}

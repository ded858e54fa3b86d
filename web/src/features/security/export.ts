import type { Page } from "@/lib/api";
import { csvRow } from "@/lib/csv";
import type { SecurityEvent } from "@/lib/events/filter";

/** A browser holds this many events in memory, and a spreadsheet opens them. */
export const maxExported = 200_000;

const columns = ["id", "created_at", "event_type", "status", "actor_type", "actor_id", "source_address", "route", "request_id", "simulated", "count", "detail", "target_type", "target_id", "target_count"] as const satisfies readonly (keyof SecurityEvent)[];

export function header(): string {
  return csvRow(columns);
}

export function rowOf(event: SecurityEvent): string {
  return csvRow(columns.map((column) => event[column]));
}

export type Exported = { parts: string[]; count: number; complete: boolean };

/** Fetches the events page by page as CSV. Stops at `limit` events; an exception of `fetchPage` aborts it. */
export async function exportEvents(fetchPage: (cursor: string | undefined) => Promise<Page<SecurityEvent>>, onProgress: (count: number) => void, limit = maxExported): Promise<Exported> {
  const parts = [header()];
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await fetchPage(cursor);
    const events = page.items.slice(0, limit - count);
    parts.push(events.map(rowOf).join(""));
    count += events.length;
    onProgress(count);
    cursor = page.next;
  } while (cursor !== undefined && count < limit);
  return { parts, count, complete: cursor === undefined };
}

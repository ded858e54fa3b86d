import type { Page } from "../../lib/api";
import { csvRow } from "../../lib/csv";
import type { SecurityEvent } from "./filter";

/** A browser holds so many in memory without effort, and a spreadsheet opens them. */
export const mostExported = 200_000;

const columns = ["id", "created_at", "event_type", "status", "actor_type", "actor_id", "source_address", "route", "request_id", "simulated", "count", "detail", "target_type", "target_id", "target_count"] as const satisfies readonly (keyof SecurityEvent)[];

export function header(): string {
  return csvRow(columns);
}

export function rowOf(event: SecurityEvent): string {
  return csvRow(columns.map((each) => event[each]));
}

export type Exported = { parts: string[]; count: number; whole: boolean };

/** The events as CSV, page after page; ends early when it is stopped (by an exception) or there are too many. */
export async function exportEvents(fetchPage: (cursor: string | undefined) => Promise<Page<SecurityEvent>>, told: (count: number) => void, most = mostExported): Promise<Exported> {
  const parts = [header()];
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await fetchPage(cursor);
    const taken = page.items.slice(0, most - count);
    parts.push(taken.map(rowOf).join(""));
    count += taken.length;
    told(count);
    cursor = page.next;
  } while (cursor !== undefined && count < most);
  return { parts, count, whole: cursor === undefined };
}

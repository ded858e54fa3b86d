import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

import { Filters } from "@/components/Filters";
import { useText } from "@/lib/i18n/LanguageProvider";
import { type Filter, type Range, countOf, everything, withRange } from "@/lib/events/filter";
import { securityText } from "./text";

type Words = Readonly<Record<string, string>>;
const choices = (any: string, words: Words) => [{ value: "", label: any }, ...Object.entries(words).map(([value, label]) => ({ value, label }))];

/** The filters of the log. `children`: further content of the same row. */
export function SecurityFilters({ filter, setFilter, children }: { filter: Filter; setFilter: (filter: Filter) => void; children: ReactNode }) {
  const text = useText(securityText);
  const set = (change: Partial<Filter>) => setFilter({ ...filter, ...change });
  const fields = (
    <>
      <NativeSelect aria-label={text.range} data={Object.entries(text.ranges).map(([value, label]) => ({ value, label }))} value={filter.range} onChange={(event) => setFilter(withRange(filter, event.currentTarget.value as Range, Date.now()))} />
      {filter.range === "custom" && (
        <>
          <TextInput type="datetime-local" aria-label={text.since} max={filter.until} value={filter.since} onChange={(event) => set({ since: event.currentTarget.value })} />
          <TextInput type="datetime-local" aria-label={text.until} min={filter.since} value={filter.until} onChange={(event) => set({ until: event.currentTarget.value })} />
        </>
      )}
      <NativeSelect aria-label={text.event} data={choices(text.anyEvent, text.events)} value={filter.eventType} onChange={(event) => set({ eventType: event.currentTarget.value })} />
      <NativeSelect aria-label={text.status} data={choices(text.anyStatus, text.statuses)} value={filter.status} onChange={(event) => set({ status: event.currentTarget.value })} />
      <NativeSelect aria-label={text.actor} data={choices(text.anyActor, text.actors)} value={filter.actorType} onChange={(event) => set({ actorType: event.currentTarget.value })} />
      <TextInput aria-label={text.actorId} placeholder={text.actorIdPlaceholder} maxLength={64} value={filter.actorId} onChange={(event) => set({ actorId: event.currentTarget.value })} />
      <NativeSelect aria-label={text.target} data={choices(text.anyTarget, text.targets)} value={filter.targetType} onChange={(event) => set({ targetType: event.currentTarget.value, targetId: "" })} />
      {filter.targetType !== "" && <TextInput aria-label={text.targetId} placeholder={text.targetIdPlaceholder} maxLength={64} value={filter.targetId} onChange={(event) => set({ targetId: event.currentTarget.value })} />}
      <Checkbox label={text.routine} checked={filter.routine} onChange={(event) => set({ routine: event.currentTarget.checked })} />
    </>
  );
  return (
    <Filters count={countOf(filter)} clear={() => setFilter(everything)} fields={fields}>
      {children}
    </Filters>
  );
}

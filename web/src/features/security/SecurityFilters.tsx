import { Button, Collapse, Group, NativeSelect, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useState } from "react";

import { useText } from "../../lib/i18n/LanguageProvider";
import { type Filter, type Range, countOf, everything, withRange } from "./filter";
import { securityText } from "./text";

type Words = Readonly<Record<string, string>>;
const choices = (any: string, words: Words) => [{ value: "", label: any }, ...Object.entries(words).map(([value, label]) => ({ value, label }))];

/** What of the log to show. In a narrow window it is folded away. `children` is what else stands there. */
export function SecurityFilters({ filter, setFilter, children }: { filter: Filter; setFilter: (filter: Filter) => void; children: ReactNode }) {
  const text = useText(securityText);
  const narrow = useMediaQuery("(max-width: 62em)", undefined, { getInitialValueInEffect: false });
  const [open, setOpen] = useState(false);
  const set = (change: Partial<Filter>) => setFilter({ ...filter, ...change });
  const count = countOf(filter);
  const fields = (
    <div className="security-filters" role="search" aria-label={text.filters}>
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
      {count > 0 && (
        <Button variant="subtle" onClick={() => setFilter(everything)}>
          {text.clear}
        </Button>
      )}
    </div>
  );
  if (!narrow)
    return (
      <Group gap="sm" justify="space-between" wrap="nowrap">
        {fields}
        {children}
      </Group>
    );
  return (
    <>
      <Group gap="sm">
        <Button variant="default" size="xs" aria-expanded={open} onClick={() => setOpen(!open)}>
          {count === 0 ? text.filters : text.filtersSet(count)}
        </Button>
        {children}
      </Group>
      <Collapse in={open}>{open && fields}</Collapse>
    </>
  );
}

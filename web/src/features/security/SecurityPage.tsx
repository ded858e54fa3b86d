import "./security.css";

import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useDeferredValue, useMemo, useState } from "react";

import { Failure } from "@/components/Failure";
import { Feed, type RowControlProps } from "@/components/Feed";
import { DownloadIcon } from "@/components/icons";
import { Page } from "@/components/Page";
import { Pill } from "@/components/Pill";
import { componentsText } from "@/components/text";
import { Time } from "@/components/Time";
import { numberCodec, useQueryState } from "@/lib/address";
import { useActorName, useEventName, useTargetSummary } from "@/lib/events/names";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { DrillDialog } from "./DrillDialog";
import { EventDrawer } from "./EventDrawer";
import { ExportDialog } from "./ExportDialog";
import { type Filter, type SecurityEvent, countOf, everything, filterCodec, eventQueryOf } from "@/lib/events/filter";
import { useEvents } from "@/lib/events/useEvents";
import { RetentionHold } from "./RetentionHold";
import { SecurityFilters } from "./SecurityFilters";
import { securityText } from "./text";
import { Outcome } from "./Outcome";

const openCodec = numberCodec("open");

function useRow(open: (event: SecurityEvent) => void) {
  const text = useText(securityText);
  const formats = useFormats();
  const eventName = useEventName();
  const actorName = useActorName();
  const targetSummary = useTargetSummary();
  return (event: SecurityEvent, control: RowControlProps) => [
    <Time key="time" at={event.created_at} />,
    <Group key="event" gap={6} wrap="nowrap">
      <button type="button" className="feed-open" {...control} onClick={() => open(event)}>
        {eventName(event.event_type)}
      </button>
      {event.count > 1 && (
        <Badge variant="default" size="sm" tt="none" title={text.timesExplained(event.count)}>
          {text.times(formats.number(event.count))}
        </Badge>
      )}
      {event.simulated && (
        <Badge variant="outline" color="violet" size="sm" tt="none" className="readable">
          {text.simulated}
        </Badge>
      )}
    </Group>,
    <Outcome key="status" status={event.status} />,
    <span key="actor" title={event.actor_id ?? undefined}>
      {actorName(event)}
    </span>,
    <span key="target" title={event.target_id ?? undefined}>
      {targetSummary(event)}
    </span>,
    <span key="detail" lang="en" title={event.detail}>
      {event.detail}
    </span>,
    event.source_address ?? "",
  ];
}

/** The audit log, newest first, live. */
export function SecurityPage() {
  const text = useText(securityText);
  const general = useText(componentsText);
  const [filter, setFilter] = useQueryState(filterCodec, { rememberAs: "security.filter" });
  const deferredFilter = useDeferredValue(filter);
  // Relative ranges are resolved once, when the query starts, so that the list only grows.
  const query = useMemo(() => eventQueryOf(deferredFilter, Date.now()), [deferredFilter]);
  const log = useEvents(query);
  const [openId, openById] = useQueryState(openCodec, { push: true });
  const [lastOpened, setLastOpened] = useState<SecurityEvent>();
  const setOpen = (event: SecurityEvent | undefined) => {
    setLastOpened(event);
    openById(event?.id ?? null);
  };
  const open = openId === null ? undefined : (log.items.find((event) => event.id === openId) ?? (lastOpened?.id === openId ? lastOpened : undefined));
  const [exporting, setExporting] = useState(false);
  const [drill, setDrill] = useState(false);
  const row = useRow(setOpen);
  const columns = [
    { name: text.columns.time, className: "security-time", width: "11.5rem" },
    { name: text.columns.event, className: "security-event", width: "minmax(12rem, 1.2fr)" },
    { name: text.columns.status, className: "security-status", width: "6.5rem" },
    { name: text.columns.actor, className: "security-actor", width: "minmax(8rem, 1fr)" },
    { name: text.columns.target, className: "security-target", width: "minmax(8rem, 1fr)" },
    { name: text.columns.detail, className: "security-detail", width: "minmax(8rem, 1.8fr)" },
    { name: text.columns.source, className: "security-source", width: "8rem" },
  ];
  const applyFilter = (next: Filter) => {
    setOpen(undefined);
    setFilter(next);
    scrollTo(0, 0);
  };
  return (
    <Page
      title={text.title}
      actions={
        <Group gap="xs">
          <Button variant="default" onClick={() => setDrill(true)}>
            {text.drill}
          </Button>
          <Button variant="default" leftSection={<DownloadIcon />} onClick={() => setExporting(true)}>
            {text.export}
          </Button>
        </Group>
      }
    >
      <RetentionHold />
      <Failure failure={log.error} retry={() => void log.refetch()} />
      <Feed
        label={text.title}
        columns={columns}
        items={log.items}
        row={row}
        heights={{ wide: 42, narrow: 84 }}
        selected={(event) => event.id === open?.id}
        loadMore={log.hasNextPage && !log.isFetchNextPageError ? () => void log.fetchNextPage() : undefined}
        loading={log.isFetching}
        toolbar={
          <SecurityFilters filter={filter} setFilter={setFilter}>
            <Text size="sm" c="dimmed">
              {log.isSuccess && (log.hasNextPage ? text.soFar : text.all)(log.items.length)}
            </Text>
          </SecurityFilters>
        }
        pill={
          <Pill
            shown={log.waiting > 0 || log.gap}
            onClick={() => {
              scrollTo(0, 0);
              if (log.gap) log.reload();
            }}
          >
            {log.gap ? text.manyFresh : text.fresh(log.waiting)}
          </Pill>
        }
        empty={
          log.isSuccess && (
            <Stack p="xl" align="center">
              <Text c="dimmed">{countOf(filter) === 0 ? text.none : text.noneFits}</Text>
              {countOf(filter) > 0 && (
                <Button variant="default" onClick={() => setFilter(everything)}>
                  {general.clearFilters}
                </Button>
              )}
            </Stack>
          )
        }
      />
      {open !== undefined && <EventDrawer event={open} close={() => setOpen(undefined)} applyFilter={applyFilter} />}
      {exporting && <ExportDialog query={query} close={() => setExporting(false)} />}
      {drill && <DrillDialog close={() => setDrill(false)} />}
    </Page>
  );
}

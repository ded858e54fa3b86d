import "./security.css";

import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useDeferredValue, useMemo, useState } from "react";

import { Failure } from "../../components/Failure";
import { Feed, type Reach } from "../../components/Feed";
import { DownloadIcon } from "../../components/icons";
import { Page } from "../../components/Page";
import { Pill } from "../../components/Pill";
import { componentsText } from "../../components/text";
import { Time } from "../../components/Time";
import { number, useAddressed } from "../../lib/address";
import { useActorName, useEventName, useTargetSummary } from "../../lib/events/names";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import type { LiveEvent } from "../../lib/live";
import { useLiveFeed } from "../../lib/live-feed";
import { DrillDialog } from "./DrillDialog";
import { EventDrawer } from "./EventDrawer";
import { ExportDialog } from "./ExportDialog";
import { type Filter, type SecurityEvent, countOf, everything, filterWording, fits, pathOf, questionOf } from "./filter";
import { RetentionHold } from "./RetentionHold";
import { SecurityFilters } from "./SecurityFilters";
import { securityText } from "./text";
import { Outcome } from "./words";

const pageSize = 100;
const openWording = number("open");

function heard(event: LiveEvent): SecurityEvent | undefined {
  return event.type === "security_event" ? event : undefined;
}

function useRow(open: (event: SecurityEvent) => void) {
  const text = useText(securityText);
  const formats = useFormats();
  const eventName = useEventName();
  const actorName = useActorName();
  const targetSummary = useTargetSummary();
  return (event: SecurityEvent, reach: Reach) => [
    <Time key="time" at={event.created_at} />,
    <Group key="event" gap={6} wrap="nowrap">
      <button type="button" className="feed-open" {...reach} onClick={() => open(event)}>
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

/** Who did what, newest first, as it happens. */
export function SecurityPage() {
  const text = useText(securityText);
  const general = useText(componentsText);
  const [filter, setFilter] = useAddressed(filterWording, { kept: "security.filter" });
  const asked = useDeferredValue(filter);
  // A time that passes is looked at once, when it is asked for: what is shown only grows.
  const question = useMemo(() => questionOf(asked, Date.now()), [asked]);
  const path = useMemo(() => pathOf(question, pageSize), [question]);
  const log = useLiveFeed<SecurityEvent>("security-events", path, heard, (event) => fits(event, question));
  const [openId, openById] = useAddressed(openWording, { push: true });
  const [last, setLast] = useState<SecurityEvent>();
  const setOpen = (event: SecurityEvent | undefined) => {
    setLast(event);
    openById(event?.id ?? null);
  };
  const open = openId === null ? undefined : (log.items.find((each) => each.id === openId) ?? (last?.id === openId ? last : undefined));
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
  const look = (next: Filter) => {
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
        more={log.hasNextPage && !log.isFetchNextPageError ? () => void log.fetchNextPage() : undefined}
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
              if (log.gap) log.again();
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
      {open !== undefined && <EventDrawer event={open} close={() => setOpen(undefined)} look={look} />}
      {exporting && <ExportDialog question={question} close={() => setExporting(false)} />}
      {drill && <DrillDialog close={() => setDrill(false)} />}
    </Page>
  );
}

import "./alerts.css";

import { Anchor, Badge, Button, Checkbox, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { type ReactNode, useMemo, useState } from "react";
import { Link } from "wouter";

import { AlertSummary } from "@/components/AlertSummary";
import { DevicePicker } from "@/components/DevicePicker";
import { Failure } from "@/components/Failure";
import { Feed, type RowControlProps } from "@/components/Feed";
import { Filters } from "@/components/Filters";
import { Page } from "@/components/Page";
import { Pill } from "@/components/Pill";
import { AlertStateBadge, SeverityBadge } from "@/components/Severity";
import { SimulatedBadge } from "@/components/Simulated";
import { Time } from "@/components/Time";
import { listCodec, numberCodec, useQueryState } from "@/lib/address";
import { type Alert, type Severity, severities } from "@/lib/alerts/alerts";
import { alertWords } from "@/lib/alerts/text";
import { useAlertRules, useRuleName } from "@/lib/alerts/useAlertRules";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { AlertDrawer } from "./AlertDrawer";
import { type Filter, type ShownState, countOf, everything, filterCodec, unresolved } from "@/lib/alerts/filter";
import { AlertActionDialog } from "./AlertActionDialog";
import type { AlertAction } from "@/lib/alerts/action";
import { useAlert, useAlerts } from "@/lib/alerts/useAlerts";
import { alertsText } from "./text";

const openCodec = numberCodec("alert");
const selectedCodec = listCodec("selected", 100);
const noSelection: ReadonlySet<number> = new Set();

function AlertFilters({ filter, setFilter, children }: { filter: Filter; setFilter: (filter: Filter) => void; children: ReactNode }) {
  const text = useText(alertsText);
  const words = useText(alertWords);
  const ruleName = useRuleName();
  const { data: rules = [] } = useAlertRules();
  const set = (change: Partial<Filter>) => setFilter({ ...filter, ...change });
  const state = (
    <NativeSelect aria-label={text.state} data={Object.entries(text.states).map(([value, label]) => ({ value, label }))} value={filter.state} onChange={(event) => set({ state: event.currentTarget.value as ShownState })} />
  );
  const fields = (
    <>
      <NativeSelect
        aria-label={text.severity}
        data={[{ value: "", label: text.anySeverity }, ...severities.map((value) => ({ value, label: words.severities[value] }))]}
        value={filter.severity ?? ""}
        onChange={(event) => set({ severity: event.currentTarget.value === "" ? null : (event.currentTarget.value as Severity) })}
      />
      <NativeSelect
        aria-label={text.rule}
        data={[{ value: "", label: text.anyRule }, ...rules.map(({ id, name }) => ({ value: String(id), label: ruleName(name) }))]}
        value={filter.rule ?? ""}
        onChange={(event) => set({ rule: event.currentTarget.value === "" ? null : Number(event.currentTarget.value) })}
      />
      <DevicePicker label={text.device} hidden value={filter.device} set={(device) => set({ device })} />
    </>
  );
  return (
    <Filters count={countOf(filter)} clear={() => setFilter({ ...unresolved, state: filter.state })} always={state} fields={fields}>
      {children}
    </Filters>
  );
}

type Selection = { selected: ReadonlySet<number>; select: (alert: Alert) => void };

function useRow({ selected, select }: Selection, open: (alert: Alert) => void) {
  const text = useText(alertsText);
  const formats = useFormats();
  const ruleName = useRuleName();
  return (alert: Alert, control: RowControlProps) => [
    <Checkbox key="select" size="xs" radius="sm" className="feed-above" aria-label={text.select(`${ruleName(alert.rule_name)}, ${alert.device_name ?? alert.subject}`)} tabIndex={control.tabIndex} checked={selected.has(alert.id)} onChange={() => select(alert)} />,
    <SeverityBadge key="severity" severity={alert.severity} />,
    <Group key="alert" gap={6} wrap="nowrap">
      <button type="button" className="feed-open" {...control} onClick={() => open(alert)}>
        {ruleName(alert.rule_name)}
      </button>
      {alert.simulated && <SimulatedBadge />}
      {alert.count > 1 && (
        <Badge variant="default" size="sm" tt="none" title={text.timesExplained(alert.count)}>
          {text.times(formats.number(alert.count))}
        </Badge>
      )}
    </Group>,
    <AlertSummary key="summary" alert={alert} />,
    alert.device_id !== null && alert.device_name !== null && !alert.device_deleted ? (
      <Anchor key="device" component={Link} href={`/devices/${alert.device_id}`} size="sm" className="feed-above" tabIndex={control.tabIndex}>
        {alert.device_name}
      </Anchor>
    ) : alert.device_id === null ? (
      text.server
    ) : (
      (alert.device_name !== null && text.deleted(alert.device_name)) || text.deviceGone
    ),
    <AlertStateBadge key="state" state={alert.state} late={alert.late} />,
    <Time key="raised" at={alert.last_raised_at} relative />,
  ];
}

export function AlertsPage() {
  const text = useText(alertsText);
  const [filter, setFilter] = useQueryState(filterCodec, { rememberAs: "alerts.filter" });
  const feed = useAlerts(filter);
  const [openId, openById] = useQueryState(openCodec, { push: true });
  const [selectedIds, selectIds] = useQueryState(selectedCodec);
  const selected = useMemo(() => new Set(selectedIds.map(Number)), [selectedIds]);
  const setSelected = (next: ReadonlySet<number>) => selectIds([...next].map(String));
  const [pendingAction, setPendingAction] = useState<AlertAction>();
  const selectedAlerts = feed.items.filter((alert) => selected.has(alert.id));
  const select = ({ id }: Alert) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  };
  const [lastOpened, setLastOpened] = useState<Alert>();
  const setOpen = (alert: Alert | undefined) => {
    setLastOpened(alert);
    openById(alert?.id ?? null);
  };
  // The listed alert is live. One that left the list keeps its last state, and one that was never listed is fetched.
  const listed = feed.items.find((alert) => alert.id === openId);
  const local = listed ?? (lastOpened?.id === openId ? lastOpened : undefined);
  const fetched = useAlert(openId, feed.isSuccess && local === undefined);
  const open = openId === null ? undefined : (local ?? fetched.data);
  const row = useRow({ selected, select }, setOpen);
  const onChanged = (alert: Alert) => {
    feed.update([alert]);
    if (openId === alert.id) setLastOpened(alert);
  };
  const applyFilter = (next: Filter) => {
    setOpen(undefined);
    setSelected(noSelection);
    setFilter(next);
    scrollTo(0, 0);
  };
  const columns = [
    { name: text.columns.select, className: "alerts-select", width: "1.5rem" },
    { name: text.columns.severity, className: "alerts-severity", width: "7rem" },
    { name: text.columns.alert, className: "alerts-alert", width: "minmax(11rem, 1.3fr)" },
    { name: text.columns.summary, className: "alerts-summary", width: "minmax(10rem, 2fr)" },
    { name: text.columns.device, className: "alerts-device", width: "minmax(7rem, 1fr)" },
    { name: text.columns.state, className: "alerts-state", width: "9rem" },
    { name: text.columns.raised, className: "alerts-raised", width: "6.5rem" },
  ];
  const count = feed.isSuccess && (feed.hasNextPage ? text.soFar : text.all)(feed.items.length);
  const toolbar =
    selectedAlerts.length > 0 ? (
      <Group gap="xs" mih={36} role="group" aria-label={text.selected(selectedAlerts.length)}>
        <Text size="sm" fw={600} role="status">
          {text.selected(selectedAlerts.length)}
        </Text>
        <Button size="xs" onClick={() => setPendingAction("acknowledge")}>
          {text.acknowledge}
        </Button>
        <Button size="xs" variant="default" onClick={() => setPendingAction("resolve")}>
          {text.resolve}
        </Button>
        <Button size="xs" variant="subtle" onClick={() => setSelected(new Set(feed.items.map((alert) => alert.id)))}>
          {text.selectAll}
        </Button>
        <Button size="xs" variant="subtle" onClick={() => setSelected(noSelection)}>
          {text.clearSelection}
        </Button>
      </Group>
    ) : (
      <AlertFilters filter={filter} setFilter={applyFilter}>
        <Text size="sm" c="dimmed">
          {count}
        </Text>
      </AlertFilters>
    );
  return (
    <Page title={text.title}>
      <Failure failure={feed.error} retry={() => void feed.refetch()} />
      <Failure failure={openId === null || local !== undefined ? null : fetched.error} retry={() => void fetched.refetch()} />
      <Feed
        label={text.title}
        columns={columns}
        items={feed.items}
        row={row}
        heights={{ wide: 42, narrow: 84 }}
        selected={(alert) => selected.has(alert.id)}
        loadMore={feed.hasNextPage && !feed.isFetchNextPageError ? () => void feed.fetchNextPage() : undefined}
        loading={feed.isFetching}
        toolbar={toolbar}
        pill={
          <Pill
            shown={feed.waiting > 0 || feed.gap}
            onClick={() => {
              scrollTo(0, 0);
              if (feed.gap) feed.reload();
            }}
          >
            {feed.gap ? text.manyFresh : text.fresh(feed.waiting)}
          </Pill>
        }
        empty={
          feed.isSuccess && (
            <Stack p="xl" align="center">
              <Text c="dimmed">{countOf(filter) === 0 && filter.state === "live" ? text.none : text.noneFits}</Text>
              <Button variant="default" onClick={() => applyFilter(everything)}>
                {text.showAll}
              </Button>
            </Stack>
          )
        }
      />
      {open !== undefined && <AlertDrawer alert={open} onChanged={onChanged} applyFilter={applyFilter} close={() => setOpen(undefined)} />}
      {pendingAction !== undefined && (
        <AlertActionDialog
          action={pendingAction}
          alerts={selectedAlerts}
          onChanged={onChanged}
          finished={() => {
            setPendingAction(undefined);
            setSelected(noSelection);
          }}
          close={() => setPendingAction(undefined)}
        />
      )}
    </Page>
  );
}

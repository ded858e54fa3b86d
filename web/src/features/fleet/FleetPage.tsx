import { Alert, Badge, Button, Group, Loader, Paper, Select, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";

import type { Category } from "../../lib/api";
import type { LiveState } from "../../lib/live";
import type { Session } from "../../lib/session";
import { type Device, type Filter, type Health, healthOf, shown } from "./fleet";
import { labelOf, textOf, toShow } from "./values";
import { useFleet } from "./useFleet";

const healthText: Record<Health, string> = { ok: "Speaking", silent: "Silent", blocked: "Blocked" };
const stateText: Record<LiveState, string> = { connecting: "Connecting …", live: "Live", lost: "Connection lost; trying again …" };
const stateColor: Record<LiveState, string> = { connecting: "gray", live: "teal", lost: "orange" };

/** The time, looked at once a second. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function ago(then: number | undefined, now: number): string {
  if (then === undefined) return "never";
  const seconds = Math.max(0, Math.round((now - then) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

function Figure({ name, value, selected, onClick }: { name: string; value: string; selected?: boolean; onClick?: () => void }) {
  const content = (
    <>
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text size="xl" fw={700}>
        {value}
      </Text>
    </>
  );
  if (onClick === undefined)
    return (
      <Paper withBorder p="sm">
        {content}
      </Paper>
    );
  return (
    <Paper withBorder p="sm" component="button" type="button" ta="start" aria-pressed={selected} onClick={onClick} {...(selected ? { bg: "var(--mantine-primary-color-light)" } : {})} style={{ cursor: "pointer" }}>
      {content}
    </Paper>
  );
}

function Row({ device, health, category, now }: { device: Device; health: Health; category: Category | undefined; now: number }) {
  return (
    <>
      <Group gap="xs" wrap="nowrap" role="cell">
        <span className="mark" data-health={health} aria-hidden />
        <Text truncate title={`${device.name} (${device.id})`}>
          {device.name}
        </Text>
      </Group>
      <Text size="sm" className="kind" role="cell">
        {category?.name ?? device.category}
      </Text>
      <Text size="sm" role="cell" title={device.heard === undefined ? "Nothing was heard yet" : new Date(device.heard).toISOString()}>
        {health === "ok" ? ago(device.heard, now) : health === "silent" ? `Silent, ${ago(device.heard, now)}` : "Blocked"}
      </Text>
      <Text size="sm" className="values" role="cell">
        {toShow(device.fields, 5).map(([field, value], n) => (
          <span key={field}>
            {n > 0 && " · "}
            {labelOf(field)} <b>{textOf(field, value)}</b>
          </span>
        ))}
      </Text>
    </>
  );
}

export function FleetPage({ session }: { session: Session }) {
  const { fleet, categories, state, loading, failure, rate } = useFleet(session);
  const now = useNow();
  const [filter, setFilter] = useState<Filter>({ text: "", category: null, health: null });
  const healths = useMemo(() => new Map([...fleet.values()].map((each) => [each.id, healthOf(each, categories, now)])), [fleet, categories, now]);
  const healthFor = (device: Device): Health => healths.get(device.id) ?? "ok";
  const devices = useMemo(() => shown(fleet, filter, (device) => healths.get(device.id) ?? "ok"), [fleet, filter, healths]);
  const count = (health: Health) => [...healths.values()].filter((each) => each === health).length;
  const toggle = (health: Health) => setFilter({ ...filter, health: filter.health === health ? null : health });

  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: devices.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (window.matchMedia("(max-width: 48em)").matches ? 72 : 48),
    overscan: 12,
  });

  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={1} size="h2">
          Fleet
        </Title>
        <Badge color={stateColor[state]} variant="dot" size="lg" role="status" tt="none">
          {stateText[state]}
        </Badge>
      </Group>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <Figure name="Devices" value={String(fleet.size)} />
        <Figure name="Silent" value={String(count("silent"))} selected={filter.health === "silent"} onClick={() => toggle("silent")} />
        <Figure name="Blocked" value={String(count("blocked"))} selected={filter.health === "blocked"} onClick={() => toggle("blocked")} />
        <Figure name="Readings a second" value={rate.of(now).toFixed(1)} />
      </SimpleGrid>
      <Group>
        <TextInput aria-label="Search" placeholder="Search by name or id" value={filter.text} onChange={(event) => setFilter({ ...filter, text: event.currentTarget.value })} style={{ flex: 1 }} miw={180} />
        <Select aria-label="Category" placeholder="All categories" clearable value={filter.category} data={categories.map((each) => ({ value: each.slug, label: each.name }))} onChange={(category) => setFilter({ ...filter, category })} miw={180} />
      </Group>
      {failure !== null && (
        <Alert color="red" role="alert">
          {failure.message}
        </Alert>
      )}
      <div className="rows" ref={scroller} role="table" aria-label="Devices" aria-rowcount={devices.length + 1} tabIndex={0}>
        <div className="row head" role="row">
          {["Name", "Category", "Heard", "Last values"].map((each) => (
            <Text key={each} size="sm" fw={600} role="columnheader">
              {each}
            </Text>
          ))}
        </div>
        {loading && (
          <Group p="md" role="row">
            <Loader size="sm" role="cell" aria-label="Loading" />
          </Group>
        )}
        {!loading && devices.length === 0 && (
          <Group p="md" role="row">
            <Text c="dimmed" role="cell">
              {fleet.size === 0 ? "There are no devices yet. POST /devices makes one." : "No device fits."}
            </Text>
            {fleet.size > 0 && (
              <Button variant="subtle" size="xs" onClick={() => setFilter({ text: "", category: null, health: null })}>
                Show all
              </Button>
            )}
          </Group>
        )}
        <div style={{ height: rows.getTotalSize(), position: "relative" }} role="rowgroup">
          {rows.getVirtualItems().map((item) => {
            const device = devices[item.index];
            if (device === undefined) return null;
            const health = healthFor(device);
            return (
              <div key={device.id} className="row" role="row" aria-rowindex={item.index + 2} aria-label={`${device.name}, ${healthText[health]}`} style={{ position: "absolute", insetInline: 0, top: 0, transform: `translateY(${item.start}px)` }}>
                <Row device={device} health={health} category={categories.find((each) => each.slug === device.category)} now={now} />
              </div>
            );
          })}
        </div>
      </div>
    </Stack>
  );
}

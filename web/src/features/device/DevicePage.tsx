import "./device.css";

import { Anchor, Group, Loader, SegmentedControl, Switch, Tabs, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { Link } from "wouter";

import { Failure } from "../../components/Failure";
import { Page } from "../../components/Page";
import { SimulatedBadge } from "../../components/Simulated";
import { Time } from "../../components/Time";
import { choice, flag, useAddressed } from "../../lib/address";
import { ApiError, type Schemas } from "../../lib/api";
import { useCategoryName, useDevice, useHealth } from "../../lib/fleet/FleetProvider";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useLive } from "../../lib/LiveProvider";
import { useSession } from "../../lib/SessionProvider";
import { Blocked } from "./Blocked";
import { Charts, type View } from "./Charts";
import { CsvDownload } from "./CsvDownload";
import { Details } from "./Details";
import { DeviceActions } from "./DeviceActions";
import { DeviceSecurity } from "./DeviceSecurity";
import { RangeBar, RangeText } from "./RangeBar";
import { type Range, zoomWording } from "./range";
import { Readings } from "./Readings";
import { deviceText } from "./text";

type Detail = Schemas["DeviceDetail"];

const tabs = ["charts", "readings", "security", "limits"] as const;
const tabWording = choice("tab", tabs);
const viewWording = choice<View>("view", ["charts", "table"]);

/** Fingers scroll where a mouse would drag. */
const mayDrag = matchMedia("(hover: hover)").matches;

/** The device as the server has it, fetched anew when it changes. */
function useDetail(id: string) {
  const session = useSession();
  const queries = useQueryClient();
  const queryKey = ["device", id, "detail"];
  const again = () => void queries.invalidateQueries({ queryKey });
  useLive((events) => {
    if (events.some((each) => each.type === "device" && each.device_id === id)) again();
  }, again);
  return useQuery({ queryKey, queryFn: ({ signal }) => session.call<Detail>("GET", `/devices/${encodeURIComponent(id)}`, undefined, signal) });
}

function State({ detail }: { detail: Detail }) {
  const text = useText(deviceText);
  const categoryName = useCategoryName();
  const device = useDevice(detail.id);
  const state = useHealth(device ?? { ...detail, interval: detail.expected_interval_seconds, fields: new Map(), heard: detail.last_reading_at === null ? undefined : Date.parse(detail.last_reading_at) });
  return (
    <Group gap="md" className="device-state">
      <Anchor component={Link} href="/" size="sm">
        ← {text.back}
      </Anchor>
      <Text size="sm">{categoryName(detail.category)}</Text>
      <Text size="sm" className="cell-state" component="span">
        <span className="mark" data-health={state?.health} aria-hidden /> {state?.said}
      </Text>
      {(device ?? detail).simulated && <SimulatedBadge />}
      <Text size="sm">
        {text.lastHeard}: <Time at={device?.heard ?? detail.last_reading_at} relative />
      </Text>
    </Group>
  );
}

function Content({ detail }: { detail: Detail }) {
  const text = useText(deviceText);
  const device = useDevice(detail.id);
  const [tab, setTab] = useAddressed(tabWording, { push: true, kept: "device.tab" });
  const [{ range, before }, look] = useAddressed(zoomWording, { push: true, kept: "device.range" });
  // What was made up is out of sight, unless there is nothing else.
  const simulatedWording = useMemo(() => flag("simulated", detail.simulated), [detail.simulated]);
  const [simulated, setSimulated] = useAddressed(simulatedWording);
  const [view, setView] = useAddressed(viewWording, { kept: "device.view" });
  const choose = (next: Range) => look({ range: next, before: [] });
  const zoom = useCallback((next: Range) => look({ range: next, before: [...before, range] }), [range, before, look]);
  const last = before.at(-1);
  const back = last === undefined ? undefined : () => look({ range: last, before: before.slice(0, -1) });
  return (
    <Tabs value={tab} onChange={(value) => setTab(tabs.find((each) => each === value) ?? "charts")} keepMounted={false}>
      <Tabs.List className="device-tabs">
        <Tabs.Tab value="charts">{text.tabs.charts}</Tabs.Tab>
        <Tabs.Tab value="readings">{text.tabs.readings}</Tabs.Tab>
        <Tabs.Tab value="security">{text.tabs.security}</Tabs.Tab>
        <Tabs.Tab value="limits">{text.tabs.limits}</Tabs.Tab>
      </Tabs.List>
      {(tab === "charts" || tab === "readings") && (
        <Group mt="sm" gap="sm" justify="space-between">
          <RangeBar range={range} setRange={choose} />
          <Group gap="sm">
            <Switch size="sm" label={text.simulated} checked={simulated} onChange={(event) => setSimulated(event.currentTarget.checked)} />
            <CsvDownload id={detail.id} name={detail.name} range={range} simulated={simulated} />
          </Group>
        </Group>
      )}
      {(tab === "charts" || (tab === "readings" && range.kind === "fixed")) && (
        <Group mt="xs" gap="sm" justify="space-between">
          <RangeText range={range} back={back} hint={mayDrag && tab === "charts" && view === "charts" ? text.zoomHint : ""} />
          {tab === "charts" && (
            <SegmentedControl
              size="xs"
              aria-label={text.view}
              value={view}
              onChange={(value) => setView(value as View)}
              data={[
                { value: "charts", label: text.asCharts },
                { value: "table", label: text.asTable },
              ]}
            />
          )}
        </Group>
      )}
      <Tabs.Panel value="charts" pt="xs">
        {device === undefined ? <Loader /> : <Charts device={device} range={range} zoom={zoom} simulated={simulated} view={view} />}
      </Tabs.Panel>
      <Tabs.Panel value="readings" pt="sm">
        <Readings id={detail.id} range={range} simulated={simulated} />
      </Tabs.Panel>
      <Tabs.Panel value="security" pt="sm">
        <DeviceSecurity id={detail.id} />
      </Tabs.Panel>
      <Tabs.Panel value="limits" pt="sm">
        <Details detail={detail} />
      </Tabs.Panel>
    </Tabs>
  );
}

export function DevicePage({ params }: { params: Readonly<Record<string, string | undefined>> }) {
  const text = useText(deviceText);
  const id = params.id ?? "";
  const known = useDevice(id);
  const { data, error, refetch } = useDetail(id);
  const status = error instanceof ApiError ? error.status : undefined;
  if (data === undefined)
    return (
      <Page title={known?.name ?? text.title}>
        {error === null ? (
          <Loader />
        ) : (
          <>
            <Failure failure={error} advice={status === 404 || status === 422 ? text.gone : status === 403 ? text.foreign : undefined} retry={() => void refetch()} />
            <Anchor component={Link} href="/">
              ← {text.back}
            </Anchor>
          </>
        )}
      </Page>
    );
  return (
    <Page title={data.name} actions={<DeviceActions device={data} />}>
      <State detail={data} />
      {data.status === "blocked" && <Blocked detail={data} />}
      <Failure failure={error} advice={status === 404 ? text.gone : undefined} />
      <Content detail={data} />
    </Page>
  );
}

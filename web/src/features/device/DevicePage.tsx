import "./device.css";

import { Anchor, Group, Loader, SegmentedControl, Switch, Tabs, Text } from "@mantine/core";
import { useCallback, useMemo } from "react";
import { Link } from "wouter";

import { Failure } from "@/components/Failure";
import { Page } from "@/components/Page";
import { SimulatedBadge } from "@/components/Simulated";
import { Time } from "@/components/Time";
import { choiceCodec, flagCodec, useQueryState } from "@/lib/address";
import { ApiError } from "@/lib/api";
import { useCategoryName, useDevice, useHealth } from "@/lib/fleet/FleetProvider";
import { useText } from "@/lib/i18n/LanguageProvider";
import { Blocked } from "./Blocked";
import { Charts, type View } from "./Charts";
import { CsvDownload } from "./CsvDownload";
import { Details } from "./Details";
import { DeviceActions } from "./DeviceActions";
import { DeviceSecurity } from "./DeviceSecurity";
import { RangeBar, RangeText } from "./RangeBar";
import { type Range, zoomCodec } from "@/lib/device/range";
import { type DeviceDetail, useLiveDeviceDetail } from "@/lib/device/useDevice";
import { Readings } from "./Readings";
import { deviceText } from "./text";

const tabs = ["charts", "readings", "security", "limits"] as const;
const tabCodec = choiceCodec("tab", tabs);
const viewCodec = choiceCodec<View>("view", ["charts", "table"]);

/** On touch screens, dragging scrolls instead of zooming. */
const canDrag = matchMedia("(hover: hover)").matches;

function State({ detail }: { detail: DeviceDetail }) {
  const text = useText(deviceText);
  const categoryName = useCategoryName();
  const device = useDevice(detail.id);
  const state = useHealth(device ?? { ...detail, interval: detail.expected_interval_seconds, fields: new Map(), lastReadingAt: detail.last_reading_at === null ? undefined : Date.parse(detail.last_reading_at) });
  return (
    <Group gap="md" className="device-state">
      <Anchor component={Link} href="/" size="sm">
        ← {text.back}
      </Anchor>
      <Text size="sm">{categoryName(detail.category)}</Text>
      <Text size="sm" className="cell-state" component="span">
        <span className="mark" data-health={state?.health} aria-hidden /> {state?.label}
      </Text>
      {(device ?? detail).simulated && <SimulatedBadge />}
      <Text size="sm">
        {text.lastHeard}: <Time at={device?.lastReadingAt ?? detail.last_reading_at} relative />
      </Text>
    </Group>
  );
}

function Content({ detail }: { detail: DeviceDetail }) {
  const text = useText(deviceText);
  const device = useDevice(detail.id);
  const [tab, setTab] = useQueryState(tabCodec, { push: true, rememberAs: "device.tab" });
  const [{ range, previous }, setZoom] = useQueryState(zoomCodec, { push: true, rememberAs: "device.range" });
  // Simulated readings are hidden by default, except for simulated devices.
  const simulatedCodec = useMemo(() => flagCodec("simulated", detail.simulated), [detail.simulated]);
  const [simulated, setSimulated] = useQueryState(simulatedCodec);
  const [view, setView] = useQueryState(viewCodec, { rememberAs: "device.view" });
  const setRange = (next: Range) => setZoom({ range: next, previous: [] });
  const zoom = useCallback((next: Range) => setZoom({ range: next, previous: [...previous, range] }), [range, previous, setZoom]);
  const previousRange = previous.at(-1);
  const back = previousRange === undefined ? undefined : () => setZoom({ range: previousRange, previous: previous.slice(0, -1) });
  return (
    <Tabs value={tab} onChange={(value) => setTab(tabs.find((candidate) => candidate === value) ?? "charts")} keepMounted={false}>
      <Tabs.List className="device-tabs">
        <Tabs.Tab value="charts">{text.tabs.charts}</Tabs.Tab>
        <Tabs.Tab value="readings">{text.tabs.readings}</Tabs.Tab>
        <Tabs.Tab value="security">{text.tabs.security}</Tabs.Tab>
        <Tabs.Tab value="limits">{text.tabs.limits}</Tabs.Tab>
      </Tabs.List>
      {(tab === "charts" || tab === "readings") && (
        <Group mt="sm" gap="sm" justify="space-between">
          <RangeBar range={range} setRange={setRange} />
          <Group gap="sm">
            <Switch size="sm" label={text.simulated} checked={simulated} onChange={(event) => setSimulated(event.currentTarget.checked)} />
            <CsvDownload id={detail.id} name={detail.name} range={range} simulated={simulated} />
          </Group>
        </Group>
      )}
      {(tab === "charts" || (tab === "readings" && range.kind === "fixed")) && (
        <Group mt="xs" gap="sm" justify="space-between">
          <RangeText range={range} back={back} hint={canDrag && tab === "charts" && view === "charts" ? text.zoomHint : ""} />
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
  const cached = useDevice(id);
  const { data, error, refetch } = useLiveDeviceDetail(id);
  const status = error instanceof ApiError ? error.status : undefined;
  if (data === undefined)
    return (
      <Page title={cached?.name ?? text.title}>
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

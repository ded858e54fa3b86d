import "./fleet.css";

import { Button, Center, Group, Loader, Stack, Text, TextInput } from "@mantine/core";
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";

import { Failure } from "@/components/Failure";
import { DownloadIcon, PlusIcon, SearchIcon } from "@/components/icons";
import { Page } from "@/components/Page";
import { part } from "@/components/part";
import { listCodec, useQueryState } from "@/lib/address";
import { useCategoryName, useFleet, useFleetShape, useUnknownSince } from "@/lib/fleet/FleetProvider";
import type { DeviceAction } from "@/lib/fleet/useDevices";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { remember, recall } from "@/lib/view-memory";
import { useNow } from "@/lib/now";
import { BulkDialog } from "./BulkDialog";
import { DeviceTable } from "./DeviceTable";
import { CategoryChips, Figures } from "./Figures";
import { fleetText } from "./text";
import { type Filter, type Order, countsOf, everything, filterCodec, fits, sortedByName, orderCodec, sorted } from "./view";

const AddDevice = part("AddDevice", async () => (await import("./AddDevice")).AddDevice);

const ExportFleet = part("ExportFleet", async () => (await import("./ExportFleet")).ExportFleet);

const noSelection: ReadonlySet<string> = new Set();
const selectedCodec = listCodec("selected", 40);

/** The selected devices. Kept in the address unless there are too many for it. */
function useSelection(): [ReadonlySet<string>, (next: ReadonlySet<string>) => void] {
  const [addressed, setAddressed] = useQueryState(selectedCodec);
  const [fullSelection, setFullSelection] = useState<ReadonlySet<string>>();
  const addressedSelection = useMemo(() => (addressed.length === 0 ? noSelection : new Set(addressed)), [addressed]);
  const set = useCallback(
    (next: ReadonlySet<string>) => {
      setAddressed([...next]);
      setFullSelection(next);
    },
    [setAddressed],
  );
  return [fullSelection !== undefined && addressedSelection === noSelection ? fullSelection : addressedSelection, set];
}

/** The devices to show, in order. Sorting by name runs when names change; everything that depends on time runs every two seconds. */
function useShown(filter: Filter, order: Order) {
  const { store } = useFleet();
  const shape = useFleetShape();
  const categoryName = useCategoryName();
  // While the connection is lost, the time stands still.
  const unknownSince = useUnknownSince();
  const clock = useNow();
  const now = unknownSince ?? clock;
  // eslint-disable-next-line react-hooks/exhaustive-deps -- `shape` changes when the devices of the store do
  const devices = useMemo(() => sortedByName(store.all()), [store, shape]);
  // Orders and filters that depend on time are updated every two seconds only, or rows would move constantly.
  const dependsOnTime = order.by === "heard" || order.by === "state" || filter.health !== null;
  const moment = dependsOnTime ? Math.floor(now / 2000) * 2000 : 0;
  const shown = useMemo(() => {
    const current = dependsOnTime ? devices.map((device) => store.get(device.id) ?? device) : devices;
    return sorted(
      current.filter((device) => fits(device, filter, moment)),
      order,
      moment,
      categoryName,
    );
  }, [devices, filter, order, dependsOnTime, moment, categoryName, store]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- as above
  const counts = useMemo(() => countsOf(store.all(), now), [store, shape, now]);
  return { shown, counts, now };
}

function Toolbar({ count, filter, setFilter, selected, clear, act }: { count: number; filter: Filter; setFilter: (filter: Filter) => void; selected: number; clear: () => void; act: (action: DeviceAction) => void }) {
  const text = useText(fleetText);
  const formats = useFormats();
  const { store } = useFleet();
  if (selected > 0)
    return (
      <Group gap="xs" wrap="nowrap" role="group" aria-label={text.selected(selected)}>
        <Text size="sm" fw={600} role="status">
          {text.selected(selected)}
        </Text>
        {(["deactivate", "reactivate", "invalidate"] as const).map((action) => (
          <Button key={action} size="xs" variant="default" onClick={() => act(action)}>
            {text.bulk[action].action}
          </Button>
        ))}
        <Button size="xs" variant="default" className="danger-text" onClick={() => act("delete")}>
          {text.bulk.delete.action}
        </Button>
        <Button size="xs" variant="subtle" onClick={clear}>
          {text.clear}
        </Button>
      </Group>
    );
  return (
    <Group gap="sm" wrap="nowrap">
      <TextInput type="search" size="sm" aria-label={text.search} placeholder={text.search} leftSection={<SearchIcon size={16} />} value={filter.text} onChange={(event) => setFilter({ ...filter, text: event.currentTarget.value })} style={{ flex: 1 }} maw={420} />
      <Text size="sm" c="dimmed" role="status" style={{ whiteSpace: "nowrap" }}>
        {count === store.size ? text.shown(count) : text.shownOf(formats.number(count), formats.number(store.size))}
      </Text>
    </Group>
  );
}

export function FleetPage() {
  const text = useText(fleetText);
  const { store, loading, failure, reload } = useFleet();
  const [filter, setFilter] = useQueryState(filterCodec, { rememberAs: "fleet.filter" });
  const [order, setOrder] = useQueryState(orderCodec, { rememberAs: "fleet.order" });
  const [selected, setSelected] = useSelection();
  const [adding, setAdding] = useState(false);
  const [exporting, setExporting] = useState(false);
  const [action, setAction] = useState<DeviceAction>();
  const { shown, counts, now } = useShown(useDeferredValue(filter), order);
  const selectedDevices = useMemo(() => [...selected].flatMap((id) => store.get(id) ?? []), [selected, store]);

  // Restore the scroll position on the way back from a device.
  useEffect(() => {
    scrollTo(0, recall("fleet.scroll", 0));
    const onScroll = () => remember("fleet.scroll", scrollY);
    addEventListener("scroll", onScroll, { passive: true });
    return () => removeEventListener("scroll", onScroll);
  }, []);

  return (
    <Page
      title={text.title}
      actions={
        <Group gap="xs">
          <Button variant="default" leftSection={<DownloadIcon />} onClick={() => setExporting(true)}>
            {text.exporting.open}
          </Button>
          <Button leftSection={<PlusIcon />} onClick={() => setAdding(true)}>
            {text.add}
          </Button>
        </Group>
      }
    >
      <Failure failure={failure} retry={reload} />
      <Figures counts={loading ? undefined : counts} rate={store.rate.perSecond(now)} filter={filter} setFilter={setFilter} />
      <CategoryChips counts={counts} loading={loading} filter={filter} setFilter={setFilter} />
      <DeviceTable
        devices={shown}
        order={order}
        setOrder={setOrder}
        selected={selected}
        setSelected={setSelected}
        toolbar={<Toolbar count={shown.length} filter={filter} setFilter={setFilter} selected={selectedDevices.length} clear={() => setSelected(noSelection)} act={setAction} />}
        empty={
          loading ? (
            <Center p="xl">
              <Loader size="sm" aria-label={text.loading} />
            </Center>
          ) : (
            <Stack p="xl" align="center">
              <Text c="dimmed">{store.size === 0 ? text.none : text.noneFits}</Text>
              {store.size > 0 ? (
                <Button variant="default" onClick={() => setFilter(everything)}>
                  {text.showAll}
                </Button>
              ) : (
                <Button variant="default" onClick={() => setAdding(true)}>
                  {text.add}
                </Button>
              )}
            </Stack>
          )
        }
      />
      {exporting && <ExportFleet close={() => setExporting(false)} />}
      {adding && <AddDevice close={() => setAdding(false)} />}
      {action !== undefined && (
        <BulkDialog action={action} devices={selectedDevices} close={() => setAction(undefined)} finished={() => setSelected(noSelection)} />
      )}
    </Page>
  );
}

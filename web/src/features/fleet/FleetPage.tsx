import "./fleet.css";

import { Button, Center, Group, Loader, Stack, Text, TextInput } from "@mantine/core";
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";

import { Failure } from "../../components/Failure";
import { DownloadIcon, PlusIcon, SearchIcon } from "../../components/icons";
import { Page } from "../../components/Page";
import { part } from "../../components/part";
import { list, useAddressed } from "../../lib/address";
import type { DeviceAction } from "../../lib/fleet/actions";
import { useCategoryName, useFleet, useFleetShape, useUnknownSince } from "../../lib/fleet/FleetProvider";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { keep, recall } from "../../lib/kept";
import { useNow } from "../../lib/now";
import { BulkDialog } from "./BulkDialog";
import { DeviceTable } from "./DeviceTable";
import { CategoryChips, Figures } from "./Figures";
import { fleetText } from "./text";
import { type Filter, type Order, countsOf, everything, filterWording, fits, named, orderWording, ordered } from "./view";

const AddDevice = part("AddDevice", async () => (await import("./AddDevice")).AddDevice);

const ExportFleet = part("ExportFleet", async () => (await import("./ExportFleet")).ExportFleet);

const none: ReadonlySet<string> = new Set();
const selectedWording = list("selected", 40);

/** Which devices are selected: in the address, as long as they are not too many for one. */
function useSelection(): [ReadonlySet<string>, (next: ReadonlySet<string>) => void] {
  const [addressed, setAddressed] = useAddressed(selectedWording);
  const [many, setMany] = useState<ReadonlySet<string>>();
  const few = useMemo(() => (addressed.length === 0 ? none : new Set(addressed)), [addressed]);
  const set = useCallback(
    (next: ReadonlySet<string>) => {
      setAddressed([...next]);
      setMany(next);
    },
    [setAddressed],
  );
  return [many !== undefined && few === none ? many : few, set];
}

/** The devices to show, in order. Sorting by name is done when names change, the rest once in a while. */
function useShown(filter: Filter, order: Order) {
  const { store } = useFleet();
  const shape = useFleetShape();
  const categoryName = useCategoryName();
  // While nothing can be heard, all stays as it was.
  const unknownSince = useUnknownSince();
  const clock = useNow();
  const now = unknownSince ?? clock;
  const devices = useMemo(() => named(store.all()), [store, shape]);
  // What depends on when devices were heard is looked at every second second, or rows would never stand still.
  const moving = order.by === "heard" || order.by === "state" || filter.health !== null;
  const moment = moving ? Math.floor(now / 2000) * 2000 : 0;
  const shown = useMemo(() => {
    const current = moving ? devices.map((each) => store.get(each.id) ?? each) : devices;
    return ordered(
      current.filter((each) => fits(each, filter, moment)),
      order,
      moment,
      categoryName,
    );
  }, [devices, filter, order, moving, moment, categoryName, store]);
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
  const [filter, setFilter] = useAddressed(filterWording, { kept: "fleet.filter" });
  const [order, setOrder] = useAddressed(orderWording, { kept: "fleet.order" });
  const [selected, setSelected] = useSelection();
  const [adding, setAdding] = useState(false);
  const [exporting, setExporting] = useState(false);
  const [action, setAction] = useState<DeviceAction>();
  const { shown, counts, now } = useShown(useDeferredValue(filter), order);
  const chosen = useMemo(() => [...selected].flatMap((id) => store.get(id) ?? []), [selected, store]);

  // Who comes back from a device is where they left.
  useEffect(() => {
    scrollTo(0, recall("fleet.scroll", 0));
    const scrolled = () => keep("fleet.scroll", scrollY);
    addEventListener("scroll", scrolled, { passive: true });
    return () => removeEventListener("scroll", scrolled);
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
      <Figures counts={loading ? undefined : counts} rate={store.rate.of(now)} filter={filter} setFilter={setFilter} />
      <CategoryChips counts={counts} loading={loading} filter={filter} setFilter={setFilter} />
      <DeviceTable
        devices={shown}
        order={order}
        setOrder={setOrder}
        selected={selected}
        setSelected={setSelected}
        toolbar={<Toolbar count={shown.length} filter={filter} setFilter={setFilter} selected={chosen.length} clear={() => setSelected(none)} act={setAction} />}
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
        <BulkDialog action={action} devices={chosen} close={() => setAction(undefined)} finished={() => setSelected(none)} />
      )}
    </Page>
  );
}

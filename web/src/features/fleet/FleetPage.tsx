import "./fleet.css";

import { Button, Center, Group, Loader, Stack, Text, TextInput } from "@mantine/core";
import { Suspense, lazy, useDeferredValue, useEffect, useMemo, useState } from "react";

import { Failure } from "../../components/Failure";
import { PlusIcon, SearchIcon } from "../../components/icons";
import { Page } from "../../components/Page";
import type { DeviceAction } from "../../lib/fleet/actions";
import { useCategoryName, useFleet, useFleetShape, useSilence } from "../../lib/fleet/FleetProvider";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { keep, recall, useKept } from "../../lib/kept";
import { useNow } from "../../lib/now";
import { BulkDialog } from "./BulkDialog";
import { DeviceTable } from "./DeviceTable";
import { CategoryChips, Figures } from "./Figures";
import { fleetText } from "./text";
import { type Filter, type Order, countsOf, everything, fits, named, ordered } from "./view";

const AddDevice = lazy(async () => ({ default: (await import("./AddDevice")).AddDevice }));

const none: ReadonlySet<string> = new Set();

/** The devices to show, in order. Sorting by name is done when names change, the rest once in a while. */
function useShown(filter: Filter, order: Order) {
  const { store } = useFleet();
  const shape = useFleetShape();
  const silence = useSilence();
  const categoryName = useCategoryName();
  const now = useNow();
  const devices = useMemo(() => named(store.all()), [store, shape]);
  // What depends on when devices were heard is looked at every second second, or rows would never stand still.
  const moving = order.by === "heard" || order.by === "state" || filter.health !== null;
  const moment = moving ? Math.floor(now / 2000) * 2000 : 0;
  const shown = useMemo(() => {
    const current = moving ? devices.map((each) => store.get(each.id) ?? each) : devices;
    return ordered(
      current.filter((each) => fits(each, filter, moment, silence)),
      order,
      moment,
      silence,
      categoryName,
    );
  }, [devices, filter, order, moving, moment, silence, categoryName, store]);
  const counts = useMemo(() => countsOf(store.all(), now, silence), [store, shape, now, silence]);
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
  const [filter, setFilter] = useKept<Filter>("fleet.filter", everything);
  const [order, setOrder] = useKept<Order>("fleet.order", { by: "name", down: false });
  const [selected, setSelected] = useState(none);
  const [adding, setAdding] = useState(false);
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
        <Button leftSection={<PlusIcon />} onClick={() => setAdding(true)}>
          {text.add}
        </Button>
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
      {adding && (
        <Suspense>
          <AddDevice close={() => setAdding(false)} />
        </Suspense>
      )}
      {action !== undefined && (
        <BulkDialog action={action} devices={chosen} close={() => setAction(undefined)} finished={() => setSelected(none)} />
      )}
    </Page>
  );
}

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, createContext, useContext, useMemo, useRef, useState, useSyncExternalStore } from "react";

import { type Category, type LatestDevice, type Schemas, jsonOf, request } from "../api";
import { useLive, useLostSince } from "../LiveProvider";
import { useNow } from "../now";
import { useSession } from "../SessionProvider";
import { useFormats, useText } from "../i18n/LanguageProvider";
import { type Device, type Health, healthOf } from "./fleet";
import { FleetStore } from "./store";
import { fleetWords } from "./text";

type Fleet = {
  store: FleetStore;
  /** Since when the state of the devices is unknown, in milliseconds since 1970; undefined while the connection is live. */
  unknownSince: number | undefined;
  loading: boolean;
  failure: Error | null;
  reload: () => void;
  categories: readonly Category[];
  categoryName: (slug: string) => string;
};
const noCategories: readonly Category[] = [];
const Context = createContext<Fleet | undefined>(undefined);

/** Up to this many new simulated devices are fetched one by one; with more, the whole fleet is fetched again. */
const maxSingleFetches = 8;

/** Fetches the fleet once for all pages and updates it with live events. */
export function FleetProvider({ children }: { children: ReactNode }) {
  const session = useSession();
  const [store] = useState(() => new FleetStore());
  const { isPending, isFetching, error, refetch } = useQuery({
    queryKey: ["fleet"],
    queryFn: async () => {
      store.beginLoading();
      store.load(await session.call<LatestDevice[]>("GET", "/devices/latest?include_simulated=true"));
      return true;
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  // A simulated device has readings from before its creation event.
  const fetchFirstReading = async (id: string) => {
    const [reading] = await session.call<Schemas["Reading"][]>("GET", `/devices/${id}/readings?limit=1&include_simulated=true`);
    if (reading !== undefined) store.addPastReading({ type: "reading", reading: { ...reading, simulated: true } });
  };
  useLive(
    (events) => {
      store.applyEvents(events, Date.now());
      const createdIds = events.flatMap((event) => (event.type === "device" && event.change === "created" && event.simulated ? [event.device_id] : []));
      if (createdIds.length > maxSingleFetches) void refetch();
      else for (const id of createdIds) void fetchFirstReading(id).catch(() => undefined); // the next live reading has the same fields
    },
    () => void refetch(),
  );
  const words = useText(fleetWords);
  const { data: categories = noCategories } = useQuery({
    queryKey: ["categories"],
    queryFn: async () => jsonOf<Category[]>(await request("GET", "/devices/categories")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  // After a reconnection the fleet is unknown until missed data is fetched.
  const lostSince = useLostSince();
  const lastLostSince = useRef<number>();
  if (lostSince !== undefined || !isFetching) lastLostSince.current = lostSince;
  const unknownSince = lastLostSince.current;
  // Memoised, because the rows of long lists read this context.
  const fleet = useMemo(() => {
    const names = new Map(categories.map((category) => [category.slug, category.name]));
    return {
      store,
      unknownSince,
      loading: isPending,
      failure: error,
      reload: () => void refetch(),
      categories,
      categoryName: (slug: string) => words.categories[slug] ?? names.get(slug) ?? slug,
    };
  }, [store, unknownSince, isPending, error, refetch, categories, words]);
  return <Context.Provider value={fleet}>{children}</Context.Provider>;
}

export function useFleet(): Fleet {
  const fleet = useContext(Context);
  if (fleet === undefined) throw new Error("There is no FleetProvider.");
  return fleet;
}

/** Increases when a device is added or removed, or changes its name, category or status. */
export function useFleetShape(): number {
  const { store } = useFleet();
  return useSyncExternalStore(store.watch, () => store.shape);
}

/** The live device; undefined if it isn't in the fleet, or not yet. */
export function useDevice(id: string): Device | undefined {
  const { store } = useFleet();
  return useSyncExternalStore(store.watch, () => store.get(id));
}

export function useCategories(): readonly Category[] {
  return useFleet().categories;
}

/** Since when the state of the devices is unknown, in milliseconds since 1970; undefined while the connection is live. */
export function useUnknownSince(): number | undefined {
  return useFleet().unknownSince;
}

/** The device's current health and its label; undefined without a device. */
export function useHealth(device: Device | undefined): { health: Health | "unknown"; label: string } | undefined {
  const words = useText(fleetWords);
  const formats = useFormats();
  const now = useNow();
  const unknownSince = useUnknownSince();
  if (device === undefined) return undefined;
  const health = healthOf(device, now, unknownSince);
  return { health, label: health === "unknown" ? words.unknownSince(formats.clock(unknownSince ?? now)) : words.health[health] };
}

/** Returns a category's name in the reader's language. */
export function useCategoryName(): (slug: string) => string {
  return useFleet().categoryName;
}

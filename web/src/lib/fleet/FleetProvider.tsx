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
  /** While nobody knows how devices are doing: since when, in milliseconds since 1970. */
  unknownSince: number | undefined;
  loading: boolean;
  failure: Error | null;
  reload: () => void;
  categories: readonly Category[];
  categoryName: (slug: string) => string;
};
const none: readonly Category[] = [];
const Context = createContext<Fleet | undefined>(undefined);

/** So many new devices at once are asked for one by one; where there are more, the fleet is fetched anew. */
const metAlone = 8;

/** Fetches the fleet once, for all pages, and keeps it up to date by what happens. */
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
  // A simulated device comes with readings from before it was told of.
  const meet = async (id: string) => {
    const [reading] = await session.call<Schemas["Reading"][]>("GET", `/devices/${id}/readings?limit=1&include_simulated=true`);
    if (reading !== undefined) store.learn({ type: "reading", reading: { ...reading, simulated: true } });
  };
  useLive(
    (events) => {
      store.take(events, Date.now());
      const made = events.flatMap((each) => (each.type === "device" && each.change === "created" && each.simulated === true ? [each.device_id] : []));
      if (made.length > metAlone) void refetch();
      else for (const id of made) void meet(id).catch(() => undefined); // its next reading says the same
    },
    () => void refetch(),
  );
  const words = useText(fleetWords);
  const { data: categories = none } = useQuery({
    queryKey: ["categories"],
    queryFn: async () => jsonOf<Category[]>(await request("GET", "/devices/categories")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  // What was missed may have to be fetched, after the connection is back.
  const lostSince = useLostSince();
  const lastLoss = useRef<number>();
  if (lostSince !== undefined || !isFetching) lastLoss.current = lostSince;
  const unknownSince = lastLoss.current;
  // Rows of long lists ask for all of this: it is made once.
  const fleet = useMemo(() => {
    const names = new Map(categories.map((each) => [each.slug, each.name]));
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

/** Counts up when a device comes or goes, or changes its name, category or status. */
export function useFleetShape(): number {
  const { store } = useFleet();
  return useSyncExternalStore(store.watch, () => store.shape);
}

/** A device as it is now; undefined where it isn't in the fleet (or not yet). */
export function useDevice(id: string): Device | undefined {
  const { store } = useFleet();
  return useSyncExternalStore(store.watch, () => store.get(id));
}

export function useCategories(): readonly Category[] {
  return useFleet().categories;
}

/** While nobody knows how devices are doing: since when, in milliseconds since 1970. */
export function useUnknownSince(): number | undefined {
  return useFleet().unknownSince;
}

/** How a device is doing now, and that in words; undefined where there is no device. */
export function useHealth(device: Device | undefined): { health: Health | "unknown"; said: string } | undefined {
  const words = useText(fleetWords);
  const formats = useFormats();
  const now = useNow();
  const unknownSince = useUnknownSince();
  if (device === undefined) return undefined;
  const health = healthOf(device, now, unknownSince);
  return { health, said: health === "unknown" ? words.unknownSince(formats.clock(unknownSince ?? now)) : words.health[health] };
}

/** What a category is called in the reader's language. */
export function useCategoryName(): (slug: string) => string {
  return useFleet().categoryName;
}

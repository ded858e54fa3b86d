import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import type { Page } from "../../lib/api";
import { type Paged, keeping, renewed, usePaged, withNew } from "../../lib/paged";
import { useSession } from "../../lib/SessionProvider";
import { type Delivery, type Filter, type Webhook, fits, pathOf } from "./webhooks";

export const webhooksKey = ["webhooks"];

export function useWebhooks() {
  const session = useSession();
  return useQuery({ queryKey: webhooksKey, queryFn: ({ signal }) => session.call<Webhook[]>("GET", "/webhooks", undefined, signal), staleTime: 10_000 });
}

const pageSize = 100;
/** How often it is looked how the deliveries stand, in milliseconds; nothing tells of them by itself. */
const pause = 4000;

/** The deliveries, looked at again and again while the page is seen. */
export function useDeliveries(filter: Filter) {
  const session = useSession();
  const queries = useQueryClient();
  const path = pathOf(filter, pageSize);
  const key = useMemo(() => ["webhook-deliveries", path], [path]);
  const list = usePaged<Delivery>(key, path);
  const newest = useQuery({
    queryKey: [...key, "newest"],
    queryFn: async ({ signal }) => {
      const page: Page<Delivery> = await session.page(path, signal);
      queries.setQueryData<Paged<Delivery>>(key, (all) => all && renewed(all, page));
      return true;
    },
    enabled: list.isSuccess,
    refetchInterval: pause,
    gcTime: 0,
  });
  const { refetch } = newest;
  const take = useCallback((changed: Delivery) => queries.setQueryData<Paged<Delivery>>(key, (all) => all && keeping(withNew(all, [changed]), (each) => fits(each, filter))), [queries, key, filter]);
  const again = useCallback(() => void refetch(), [refetch]);
  return { ...list, stale: newest.isError, take, again };
}

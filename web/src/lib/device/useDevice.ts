import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import type { Schemas } from "../api";
import { useLive } from "../LiveProvider";
import { useSession } from "../SessionProvider";

export type DeviceDetail = Schemas["DeviceDetail"];

/** The key of everything that is cached about the device. */
export const deviceKey = (id: string) => ["device", id];

/** The device with what the fleet's list doesn't hold. Fetched if `enabled`. */
export function useDeviceDetail(id: string, enabled = true) {
  const session = useSession();
  return useQuery({ queryKey: [...deviceKey(id), "detail"], queryFn: ({ signal }) => session.call<DeviceDetail>("GET", `/devices/${encodeURIComponent(id)}`, undefined, signal), enabled });
}

/** The device as above, fetched again whenever it changes. */
export function useLiveDeviceDetail(id: string) {
  const queries = useQueryClient();
  const refetch = () => void queries.invalidateQueries({ queryKey: [...deviceKey(id), "detail"] });
  useLive((events) => {
    if (events.some((event) => event.type === "device" && event.device_id === id)) refetch();
  }, refetch);
  return useDeviceDetail(id);
}

export function useRenameDevice(id: string) {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => session.call<DeviceDetail>("PUT", `/devices/${id}`, { name } satisfies Schemas["UpdateDeviceRequest"]),
    onSuccess: () => void queries.invalidateQueries({ queryKey: deviceKey(id) }),
  });
}

/** Replaces the device's secret. The result is the new one, which the server shows once. */
export function useRotateSecret(id: string) {
  const session = useSession();
  return useMutation({ mutationFn: () => session.call<Schemas["DeviceCredentials"]>("POST", `/devices/${id}/rotate-secret`) });
}

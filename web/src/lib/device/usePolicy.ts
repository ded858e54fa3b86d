import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import type { Schemas } from "../api";
import { useSession } from "../SessionProvider";
import { deviceKey } from "./useDevice";

const policyKey = (id: string) => [...deviceKey(id), "policy"];

/** The limits of the device, and how many of its readings they refused. */
export function useDevicePolicy(id: string) {
  const session = useSession();
  return useQuery({ queryKey: policyKey(id), queryFn: ({ signal }) => session.call<Schemas["DevicePolicy"]>("GET", `/devices/${id}/policy`, undefined, signal) });
}

/** The limits of all categories. */
export function useCategoryPolicies() {
  const session = useSession();
  return useQuery({ queryKey: ["policies"], queryFn: ({ signal }) => session.call<Schemas["CategoryPolicy"][]>("GET", "/admin/policies", undefined, signal), gcTime: 0 });
}

/** Sets the limits of the device, or of its category. */
export function useSetPolicy(device: { id: string; category: string }, target: "device" | "category") {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: Schemas["PolicyRequest"]) => session.call("PUT", target === "device" ? `/devices/${device.id}/policy` : `/admin/policies/${device.category}`, request),
    onSuccess: () => void queries.invalidateQueries({ queryKey: policyKey(device.id) }),
  });
}

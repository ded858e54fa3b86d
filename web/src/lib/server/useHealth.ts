import { useMutation, useQuery } from "@tanstack/react-query";

import { type Schemas, jsonOf, request } from "../api";
import { useSession } from "../SessionProvider";

const fetchHealth = async () => jsonOf<Schemas["Health"]>(await request("GET", "/healthz"));
const healthInterval = 60_000;

/** The server's state and time. Fetched every minute. */
export function useHealth() {
  return useQuery({ queryKey: ["health"], queryFn: fetchHealth, refetchInterval: healthInterval });
}

/** The server's registration mode; undefined until it is fetched. */
export function useRegistration(): string | undefined {
  const { data } = useQuery({ queryKey: ["registration"], queryFn: fetchHealth, staleTime: 60_000 });
  return data?.registration;
}

/** Ends the retention hold after a jump of the server's clock. */
export function useReleaseRetention() {
  const session = useSession();
  return useMutation({ mutationFn: () => session.call("POST", "/admin/retention/release") });
}

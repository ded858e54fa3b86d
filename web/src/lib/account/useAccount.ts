import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import type { Schemas } from "../api";
import { useSession } from "../SessionProvider";

const sessionsKey = ["own-sessions"];

/** The sessions of the own account. */
export function useOwnSessions() {
  const session = useSession();
  return useQuery({ queryKey: sessionsKey, queryFn: ({ signal }) => session.call<Schemas["Session"][]>("GET", "/auth/sessions", undefined, signal) });
}

/** Ends another session of the own account, by its id. */
export function useEndSession(onSuccess: () => void) {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => session.request("DELETE", `/auth/sessions/${id}`),
    onSuccess,
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsKey }),
  });
}

/** Changes the own password. The server then ends every session of the account, and so does the client with its own. */
export function useChangePassword() {
  const session = useSession();
  return useMutation({
    mutationFn: (request: Schemas["ChangePasswordRequest"]) => session.request("PUT", "/auth/password", request),
    onSuccess: () => session.end("signed out"),
  });
}

export function useSignOut() {
  const session = useSession();
  return useMutation({ mutationFn: () => session.signOut() });
}

/** Ends the account's sessions in every browser. */
export function useSignOutEverywhere() {
  const session = useSession();
  return useMutation({ mutationFn: () => session.signOutEverywhere() });
}

import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import type { Schemas } from "../api";
import { useSession } from "../SessionProvider";

export type User = Schemas["User"];

export const usersKey = ["users"];

/** All accounts. Only administrators are told. */
export function useUsers() {
  const session = useSession();
  return useQuery({ queryKey: usersKey, queryFn: ({ signal }) => session.call<User[]>("GET", "/admin/users", undefined, signal), staleTime: 10_000, enabled: session.person.admin });
}

/** The address of an account by its number, one's own always; undefined where it is gone, or not fetched yet. */
export function useEmailOf(): (id: string) => string | undefined {
  const { person } = useSession();
  const { data } = useUsers();
  const emails = useMemo(() => new Map([[String(person.id), person.email], ...(data ?? []).map((each): [string, string] => [String(each.id), each.email])]), [data, person]);
  return useCallback((id: string) => emails.get(id), [emails]);
}

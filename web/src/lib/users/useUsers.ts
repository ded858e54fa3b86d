import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import type { Schemas } from "../api";
import { useSession } from "../SessionProvider";

export type User = Schemas["User"];

const usersKey = ["users"];

/** All accounts. Fetched for administrators only. */
export function useUsers() {
  const session = useSession();
  return useQuery({ queryKey: usersKey, queryFn: ({ signal }) => session.call<User[]>("GET", "/admin/users", undefined, signal), staleTime: 10_000, enabled: session.person.admin });
}

/** Returns the address of an account by its id; the own address is always known. Undefined if deleted or not fetched yet. */
export function useEmailOf(): (id: string) => string | undefined {
  const { person } = useSession();
  const { data } = useUsers();
  const emails = useMemo(() => new Map([[person.id, person.email], ...(data ?? []).map((user): [string, string] => [String(user.id), user.email])]), [data, person]);
  return useCallback((id: string) => emails.get(id), [emails]);
}

export function useCreateUser() {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: Schemas["CreateUserRequest"]) => session.call<User>("POST", "/admin/users", request),
    onSuccess: () => void queries.invalidateQueries({ queryKey: usersKey }),
  });
}

/** Creates an invitation link. */
export function useInvite() {
  const session = useSession();
  return useMutation({ mutationFn: (request: Schemas["CreateInvitationRequest"]) => session.call<Schemas["NewInvitation"]>("POST", "/admin/invitations", request) });
}

/** Changes an account. Changing the own password or role ends the own session; the next request notices that. */
export function useChangeUser({ id }: User) {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (changes: Schemas["UpdateUserRequest"]) => session.call<User>("PUT", `/admin/users/${id}`, changes),
    onSuccess: () => void queries.invalidateQueries({ queryKey: usersKey }),
  });
}

export function useDeleteUser({ id }: User) {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => session.request("DELETE", `/admin/users/${id}`),
    onSuccess: () => void queries.invalidateQueries({ queryKey: usersKey }),
  });
}

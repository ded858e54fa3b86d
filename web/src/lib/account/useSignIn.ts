import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";

import type { Schemas } from "../api";
import { Session } from "../session";
import { clearViewMemory } from "../view-memory";

const resumeKey = ["resume"];
/** Interval of retries while the server is unreachable at start-up, in milliseconds. */
const resumeInterval = 5000;

/** The session that a reload continues; null if there is none. */
export function useResumedSession() {
  return useQuery({
    queryKey: resumeKey,
    queryFn: async () => (await Session.resume()) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    refetchInterval: (query) => query.state.status === "error" && resumeInterval,
  });
}

/** What a change of the session does to the cached data. */
export function useSessionCache() {
  const queries = useQueryClient();
  return useMemo(() => {
    /** The next account or role must not see data of this one. */
    const discard = () => {
      queries.clear();
      clearViewMemory();
    };
    return {
      discard,
      /** Discards everything, and with it the session that a reload continued. */
      leave: () => {
        discard();
        queries.setQueryData(resumeKey, null);
      },
      /** The same person signed in again: fetches what failed or is old. */
      refetch: () => void queries.invalidateQueries(),
    };
  }, [queries]);
}

export function useSignIn(onSuccess: (session: Session) => void) {
  return useMutation({ mutationFn: ({ email, password }: Pick<Schemas["LoginRequest"], "email" | "password">) => Session.signIn(email, password), onSuccess });
}

/** Creates an account and signs in. `invitation`: the token of an invitation link, if registration requires one. */
export function useRegister(invitation: string | undefined, onSuccess: (session: Session) => void) {
  return useMutation({ mutationFn: ({ email, password }: Pick<Schemas["RegisterRequest"], "email" | "password">) => Session.register(email, password, invitation), onSuccess });
}

/** Continues a session that the server ended. */
export function useSignInAgain(session: Session, onSuccess: (session: Session) => void) {
  return useMutation({ mutationFn: (password: string) => session.signInAgain(password), onSuccess });
}

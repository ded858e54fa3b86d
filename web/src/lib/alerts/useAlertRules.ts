import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

import type { Schemas } from "../api";
import { useText } from "../i18n/LanguageProvider";
import { useSession } from "../SessionProvider";
import type { AlertRule } from "./alerts";
import { alertWords } from "./text";

const rulesKey = ["alert-rules"];

export function useAlertRules() {
  const session = useSession();
  return useQuery({ queryKey: rulesKey, queryFn: ({ signal }) => session.call<AlertRule[]>("GET", "/alert-rules", undefined, signal), staleTime: 10_000 });
}

/** Creates a rule, or replaces the one with the id. */
export function useSaveAlertRule(id: number | undefined) {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: Schemas["AlertRuleRequest"]) => (id === undefined ? session.call<AlertRule>("POST", "/alert-rules", request) : session.call<AlertRule>("PUT", `/alert-rules/${id}`, request)),
    onSuccess: (saved) => {
      queries.setQueryData<AlertRule[]>(rulesKey, (all) => all?.map((rule) => (rule.id === saved.id ? saved : rule)));
      void queries.invalidateQueries({ queryKey: rulesKey });
    },
  });
}

/** Deletes the rule with the id. */
export function useDeleteAlertRule() {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => session.request("DELETE", `/alert-rules/${id}`),
    onSuccess: () => void queries.invalidateQueries({ queryKey: rulesKey }),
  });
}

/** Translates the names of the default rules; other names are returned unchanged. */
export function useRuleName(): (name: string) => string {
  const { rules } = useText(alertWords);
  return useCallback((name: string) => rules[name] ?? name, [rules]);
}

import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";

import { useText } from "../i18n/LanguageProvider";
import { useSession } from "../SessionProvider";
import type { AlertRule } from "./alerts";
import { alertWords } from "./text";

export const rulesKey = ["alert-rules"];

export function useAlertRules() {
  const session = useSession();
  return useQuery({ queryKey: rulesKey, queryFn: ({ signal }) => session.call<AlertRule[]>("GET", "/alert-rules", undefined, signal), staleTime: 10_000 });
}

/** What a rule is called in the reader's language, where the server brought it along. */
export function useRuleName(): (name: string) => string {
  const { rules } = useText(alertWords);
  return useCallback((name: string) => rules[name] ?? name, [rules]);
}

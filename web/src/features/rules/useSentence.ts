import { useCallback, useMemo } from "react";

import { useCategoryName, useFleet } from "@/lib/fleet/FleetProvider";
import { fleetWords } from "@/lib/fleet/text";
import { labelOf } from "@/lib/fleet/values";
import { durationOf } from "@/lib/i18n/duration";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { type Condition, type Names, sentenceOf } from "./sentence";
import { rulesText } from "./text";

/** Returns a function that describes a rule in the reader's language. */
export function useSentence(): (rule: Condition, scoped?: boolean) => string {
  const formats = useFormats();
  const text = useText(rulesText);
  const words = useText(fleetWords);
  const categoryName = useCategoryName();
  const { store } = useFleet();
  const names = useMemo<Names>(
    () => ({
      category: categoryName,
      device: (id) => store.get(id)?.name,
      interval: (id) => store.get(id)?.interval,
      field: (field) => labelOf(field, words),
      duration: durationOf,
    }),
    [categoryName, store, words],
  );
  return useCallback((rule: Condition, scoped = true) => sentenceOf(rule, text.sentence, names, formats, scoped), [text, names, formats]);
}

import { useCallback, useMemo } from "react";

import { useCategories, useCategoryName, useFleet } from "../../lib/fleet/FleetProvider";
import { fleetWords } from "../../lib/fleet/text";
import { labelOf } from "../../lib/fleet/values";
import { useFormats, useLanguage, useText } from "../../lib/i18n/LanguageProvider";
import { type Condition, type Names, durationIn, sentenceOf } from "./sentence";
import { rulesText } from "./text";

/** Says what a rule means in the reader's language, with the names of what it is about. */
export function useSentence(): (rule: Condition, scoped?: boolean) => string {
  const { language } = useLanguage();
  const formats = useFormats();
  const text = useText(rulesText);
  const words = useText(fleetWords);
  const categories = useCategories();
  const categoryName = useCategoryName();
  const { store } = useFleet();
  const names = useMemo<Names>(
    () => ({
      category: categoryName,
      longestInterval: (slug) => categories.find((each) => each.slug === slug)?.interval_seconds[1],
      device: (id) => store.get(id)?.name,
      field: (field) => labelOf(field, words),
      duration: durationIn(language),
    }),
    [categoryName, categories, store, words, language],
  );
  return useCallback((rule: Condition, scoped = true) => sentenceOf(rule, text.sentence, names, formats, scoped), [text, names, formats]);
}

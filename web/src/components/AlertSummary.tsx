import { useMemo } from "react";

import type { Alert } from "@/lib/alerts/alerts";
import { type Names, summaryOf, summaryWords } from "@/lib/alerts/summary";
import { fleetWords } from "@/lib/fleet/text";
import { labelOf, textOf } from "@/lib/fleet/values";
import { durationOf } from "@/lib/i18n/duration";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";

/** The alert's summary in the reader's language; in English if the sentence is unknown. */
export function AlertSummary({ alert }: { alert: Alert }) {
  const formats = useFormats();
  const words = useText(fleetWords);
  const text = useText(summaryWords);
  const names = useMemo<Names>(
    () => ({ field: (field) => labelOf(field, words), value: (field, value) => textOf(field, value, words, formats), duration: durationOf }),
    [words, formats],
  );
  const translated = summaryOf(alert, text, names);
  return (
    <span title={alert.summary} {...(translated === undefined ? { lang: "en" } : {})}>
      {translated ?? alert.summary}
    </span>
  );
}

import { useMemo } from "react";

import type { Alert } from "../lib/alerts/alerts";
import { type Names, summaryOf, summaryWords } from "../lib/alerts/summary";
import { fleetWords } from "../lib/fleet/text";
import { labelOf, textOf } from "../lib/fleet/values";
import { durationOf } from "../lib/i18n/duration";
import { useFormats, useText } from "../lib/i18n/LanguageProvider";

/** What happened, in a sentence. */
export function AlertSummary({ alert }: { alert: Alert }) {
  const formats = useFormats();
  const words = useText(fleetWords);
  const text = useText(summaryWords);
  const names = useMemo<Names>(
    () => ({ field: (field) => labelOf(field, words), value: (field, value) => textOf(field, value, words, formats), duration: durationOf }),
    [words, formats],
  );
  const known = summaryOf(alert, text, names);
  return (
    <span title={alert.summary} {...(known === undefined ? { lang: "en" } : {})}>
      {known ?? alert.summary}
    </span>
  );
}

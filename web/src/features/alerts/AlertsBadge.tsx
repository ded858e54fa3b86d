import { Badge } from "@mantine/core";

import { alertWords } from "@/lib/alerts/text";
import { useAlertSummary } from "@/lib/alerts/useAlertSummary";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";

/** The number of open alerts, for the navigation. Red if an unresolved alert is critical. */
export function AlertsBadge() {
  const words = useText(alertWords);
  const formats = useFormats();
  const summary = useAlertSummary();
  if (summary === undefined || (summary.open === 0 && summary.critical === 0)) return null;
  const critical = summary.critical > 0;
  const label = critical ? `${words.openAlerts(summary.open)}, ${words.someCritical(summary.critical)}` : words.openAlerts(summary.open);
  return (
    <Badge size="sm" circle={summary.open < 10} variant={critical ? "filled" : "default"} color={critical ? "red.8" : "gray"} title={label}>
      <span aria-hidden>{summary.open > 999 ? "999+" : formats.number(summary.open)}</span>
      <span className="unseen">{label}</span>
    </Badge>
  );
}

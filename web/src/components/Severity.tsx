import { Badge } from "@mantine/core";

import { type AlertState, type Severity, colorOf } from "@/lib/alerts/alerts";
import { alertWords } from "@/lib/alerts/text";
import { useText } from "@/lib/i18n/LanguageProvider";

export function SeverityBadge({ severity }: { severity: Severity }) {
  const text = useText(alertWords);
  const filled = severity === "critical";
  return (
    <Badge variant={filled ? "filled" : "light"} color={filled ? "red.8" : colorOf[severity]} tt="none" className={filled ? "" : "readable"}>
      {text.severities[severity]}
    </Badge>
  );
}

const stateColor: Readonly<Record<AlertState, string>> = { open: "red", acknowledged: "yellow", resolved: "teal" };

export function AlertStateBadge({ state, late }: { state: AlertState; late: boolean }) {
  const text = useText(alertWords);
  return (
    <Badge variant="dot" color={stateColor[state]} tt="none">
      {late ? text.late : text.states[state]}
    </Badge>
  );
}

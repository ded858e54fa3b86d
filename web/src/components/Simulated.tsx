import { Badge } from "@mantine/core";

import { fleetWords } from "@/lib/fleet/text";
import { useText } from "@/lib/i18n/LanguageProvider";

/** Marks simulated devices and alerts. */
export function SimulatedBadge() {
  const words = useText(fleetWords);
  return (
    <Badge variant="light" color="violet" size="sm" tt="none" className="readable" title={words.simulatedExplained} style={{ flex: "none" }}>
      {words.simulated}
    </Badge>
  );
}

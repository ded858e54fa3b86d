import { Badge } from "@mantine/core";

import { useFleet } from "../../lib/fleet/FleetProvider";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useEmailOf } from "../../lib/users/useUsers";
import type { SecurityEvent } from "./filter";
import { securityText } from "./text";

const colors: Readonly<Record<string, string>> = { success: "teal", denied: "orange", error: "red" };

export function Outcome({ status }: { status: string }) {
  const text = useText(securityText);
  return (
    <Badge variant="light" color={colors[status] ?? "gray"} tt="none" className="readable">
      {text.statuses[status] ?? status}
    </Badge>
  );
}

export function useEventName(): (type: string) => string {
  const { events } = useText(securityText);
  return (type) => events[type] ?? type.replaceAll("_", " ");
}

/** Who did it, as people know them: the address of an account, the name of a device; where they are gone, their id. */
export function useActorName(): (event: SecurityEvent) => string {
  const text = useText(securityText);
  const emailOf = useEmailOf();
  const { store } = useFleet();
  return ({ actor_type, actor_id }) => {
    const kind = text.actors[actor_type] ?? actor_type;
    if (actor_id === null) return kind;
    const known = actor_type === "user" ? emailOf(actor_id) : actor_type === "device" ? store.get(actor_id)?.name : undefined;
    return known ?? `${kind} ${actor_id}`;
  };
}

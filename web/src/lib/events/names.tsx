import { Anchor } from "@mantine/core";
import { Link } from "wouter";

import { useFleet } from "../fleet/FleetProvider";
import { useFormats, useText } from "../i18n/LanguageProvider";
import { useEmailOf } from "../users/useUsers";
import { type SecurityEvent, type Target, wayTo } from "./events";
import { eventsText } from "./text";

export function useEventName(): (type: string) => string {
  const { events } = useText(eventsText);
  return (type) => events[type] ?? type.replaceAll("_", " ");
}

/** A thing as people know it: the address of an account, the name of a device; else what it is, and its id. */
function useNameOf(): (type: string, id: string) => string | undefined {
  const emailOf = useEmailOf();
  const { store } = useFleet();
  return (type, id) => (type === "user" ? emailOf(id) : type === "device" ? store.get(id)?.name : undefined);
}

/** Who did it. A person whom the viewer may not know has no id. */
export function useActorName(): (event: SecurityEvent) => string {
  const text = useText(eventsText);
  const nameOf = useNameOf();
  return ({ actor_type, actor_id }) => {
    const kind = text.actors[actor_type] ?? actor_type;
    if (actor_id === null) return actor_type === "user" ? text.somebodyElse : kind;
    return nameOf(actor_type, actor_id) ?? `${kind} ${actor_id}`;
  };
}

export function useTargetName(): (target: Target) => string {
  const text = useText(eventsText);
  const nameOf = useNameOf();
  return ({ target_type, target_id }) => nameOf(target_type, target_id) ?? `${text.targets[target_type] ?? target_type} ${target_id}`;
}

/** In a line: what it is about in the first place, and how many others. */
export function useTargetSummary(): (event: SecurityEvent) => string {
  const text = useText(eventsText);
  const targetName = useTargetName();
  return ({ targets, target_count }) => {
    const [first] = targets;
    if (first === undefined) return "";
    return target_count === 1 ? targetName(first) : `${targetName(first)} ${text.moreTargets(target_count - 1)}`;
  };
}

/** All that it is about, each with the way to its page. */
export function Targets({ targets, count }: { targets: readonly Target[]; count: number }) {
  const text = useText(eventsText);
  const formats = useFormats();
  const { store } = useFleet();
  const targetName = useTargetName();
  const unlisted = count - targets.length;
  return (
    <>
      {targets.map((each) => {
        const way = each.target_type === "device" && store.get(each.target_id) === undefined ? undefined : wayTo(each);
        return (
          <div key={`${each.target_type} ${each.target_id}`}>
            {way === undefined ? (
              targetName(each)
            ) : (
              <Anchor component={Link} href={way} size="sm">
                {targetName(each)}
              </Anchor>
            )}
          </div>
        );
      })}
      {unlisted > 0 && <div title={formats.number(unlisted)}>{text.moreTargets(unlisted)}</div>}
    </>
  );
}

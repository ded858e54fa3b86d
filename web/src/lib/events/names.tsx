import { Anchor } from "@mantine/core";
import { Link } from "wouter";

import { useFleet } from "../fleet/FleetProvider";
import { useFormats, useText } from "../i18n/LanguageProvider";
import { useEmailOf } from "../users/useUsers";
import { type SecurityEvent, type Target, pathTo } from "./events";
import { eventsText } from "./text";

export function useEventName(): (type: string) => string {
  const { events } = useText(eventsText);
  return (type) => events[type] ?? type.replaceAll("_", " ");
}

/** Returns the address of an account or the name of a device; undefined if unknown. */
function useNameOf(): (type: string, id: string) => string | undefined {
  const emailOf = useEmailOf();
  const { store } = useFleet();
  return (type, id) => (type === "user" ? emailOf(id) : type === "device" ? store.get(id)?.name : undefined);
}

/** Returns the name of the actor. The id is null if the viewer may not see the account. */
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

/** Returns the first target and the number of further ones. */
export function useTargetSummary(): (event: SecurityEvent) => string {
  const text = useText(eventsText);
  const targetName = useTargetName();
  return ({ targets, target_count }) => {
    const [first] = targets;
    if (first === undefined) return "";
    return target_count === 1 ? targetName(first) : `${targetName(first)} ${text.moreTargets(target_count - 1)}`;
  };
}

/** All targets, with links to their pages. */
export function Targets({ targets, count }: { targets: readonly Target[]; count: number }) {
  const text = useText(eventsText);
  const formats = useFormats();
  const { store } = useFleet();
  const targetName = useTargetName();
  const unlisted = count - targets.length;
  return (
    <>
      {targets.map((target) => {
        const path = target.target_type === "device" && store.get(target.target_id) === undefined ? undefined : pathTo(target);
        return (
          <div key={`${target.target_type} ${target.target_id}`}>
            {path === undefined ? (
              targetName(target)
            ) : (
              <Anchor component={Link} href={path} size="sm">
                {targetName(target)}
              </Anchor>
            )}
          </div>
        );
      })}
      {unlisted > 0 && <div title={formats.number(unlisted)}>{text.moreTargets(unlisted)}</div>}
    </>
  );
}

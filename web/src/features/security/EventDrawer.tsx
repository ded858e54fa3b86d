import { Alert, Button, Drawer, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

import { Facts } from "@/components/Facts";
import { Time } from "@/components/Time";
import { componentsText } from "@/components/text";
import { Targets, useActorName, useEventName } from "@/lib/events/names";
import { useText } from "@/lib/i18n/LanguageProvider";
import { useReturnFocus } from "@/lib/return-focus";
import { type Filter, type SecurityEvent, everything } from "@/lib/events/filter";
import { securityText } from "./text";
import { Outcome } from "./Outcome";

/** The details of one event, with filters for similar events. */
export function EventDrawer({ event, close, applyFilter }: { event: SecurityEvent; close: () => void; applyFilter: (filter: Filter) => void }) {
  useReturnFocus();
  const text = useText(securityText);
  const general = useText(componentsText);
  const eventName = useEventName();
  const actorName = useActorName();
  const { actor_id, actor_type, target_id, target_type } = event;
  const name = actorName(event);
  const facts: [string, ReactNode][] = [
    [text.details.time, <Time key="time" at={event.created_at} />],
    [text.details.outcome, <Outcome key="outcome" status={event.status} />],
    [text.details.who, actor_id === null || name.endsWith(actor_id) ? name : `${name} (${text.actors[actor_type] ?? actor_type} ${actor_id})`],
    ...(event.targets.length === 0 ? [] : [[text.details.about, <Targets key="about" targets={event.targets} count={event.target_count} />] as [string, ReactNode]]),
    [text.details.from, event.source_address ?? text.systemItself],
    ...(event.route === null ? [] : [[text.details.call, <code key="call">{event.route}</code>] as [string, ReactNode]]),
    ...(event.request_id === null ? [] : [[text.details.request, <code key="request">{event.request_id}</code>] as [string, ReactNode]]),
    ...(event.count === 1 ? [] : [[text.details.count, text.timesExplained(event.count)] as [string, ReactNode]]),
    [text.details.number, <code key="number">{event.id}</code>],
  ];
  return (
    <Drawer opened onClose={close} position="right" title={eventName(event.event_type)} closeButtonProps={{ "aria-label": general.close }}>
      <Stack>
        {event.simulated && <Alert color="violet">{text.details.simulated}</Alert>}
        <Text lang="en">{event.detail}</Text>
        <Facts facts={facts} />
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => applyFilter({ ...everything, eventType: event.event_type })}>
            {text.details.byEvent}
          </Button>
          {actor_id !== null && (
            <Button size="xs" variant="default" onClick={() => applyFilter({ ...everything, actorType: actor_type, actorId: actor_id })}>
              {text.details.byActor}
            </Button>
          )}
          {target_type !== null && target_id !== null && (
            <Button size="xs" variant="default" onClick={() => applyFilter({ ...everything, targetType: target_type, targetId: target_id })}>
              {text.details.byTarget}
            </Button>
          )}
        </Group>
      </Stack>
    </Drawer>
  );
}

import { Alert, Anchor, Button, Drawer, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { Facts } from "../../components/Facts";
import { Time } from "../../components/Time";
import { componentsText } from "../../components/text";
import { useFleet } from "../../lib/fleet/FleetProvider";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useReturnFocus } from "../../lib/return-focus";
import { type Filter, type SecurityEvent, everything } from "./filter";
import { securityText } from "./text";
import { Outcome, useActorName, useEventName } from "./words";

/** Everything that is on record of one event, and the way to others like it. */
export function EventDrawer({ event, close, look }: { event: SecurityEvent; close: () => void; look: (filter: Filter) => void }) {
  useReturnFocus();
  const text = useText(securityText);
  const general = useText(componentsText);
  const eventName = useEventName();
  const actorName = useActorName();
  const { store } = useFleet();
  const { actor_id, actor_type } = event;
  const name = actorName(event);
  const facts: [string, ReactNode][] = [
    [text.details.time, <Time key="time" at={event.created_at} />],
    [text.details.outcome, <Outcome key="outcome" status={event.status} />],
    [text.details.who, actor_id === null || name.endsWith(actor_id) ? name : `${name} (${text.actors[actor_type] ?? actor_type} ${actor_id})`],
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
          <Button size="xs" variant="default" onClick={() => look({ ...everything, eventType: event.event_type })}>
            {text.details.byEvent}
          </Button>
          {actor_id !== null && (
            <Button size="xs" variant="default" onClick={() => look({ ...everything, actorType: actor_type, actorId: actor_id })}>
              {text.details.byActor}
            </Button>
          )}
        </Group>
        {actor_type === "device" && actor_id !== null && store.get(actor_id) !== undefined && (
          <Anchor component={Link} href={`/devices/${actor_id}`}>
            {text.details.toDevice}
          </Anchor>
        )}
      </Stack>
    </Drawer>
  );
}

import { Badge, Button, Group, Loader, Stack, Switch, Table, Text } from "@mantine/core";

import { Failure } from "@/components/Failure";
import { Time } from "@/components/Time";
import { Targets, useActorName, useEventName } from "@/lib/events/names";
import { eventsText } from "@/lib/events/text";
import { flagCodec, useQueryState } from "@/lib/address";
import { useDeviceEvents } from "@/lib/events/useEvents";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { deviceText } from "./text";

const colors: Readonly<Record<string, string>> = { success: "teal", denied: "orange", error: "red" };

const routineCodec = flagCodec("routine", false);

/** The audit log's events about the device, newest first. */
export function DeviceSecurity({ id }: { id: string }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const words = useText(eventsText);
  const eventName = useEventName();
  const actorName = useActorName();
  const [routine, setRoutine] = useQueryState(routineCodec);
  const log = useDeviceEvents(id, routine);
  const listed = log.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {text.securityExplained}
        </Text>
        <Switch size="sm" label={text.withRoutine} checked={routine} onChange={(event) => setRoutine(event.currentTarget.checked)} />
      </Group>
      <Failure failure={log.error} retry={() => void log.refetch()} />
      {log.isPending && <Loader size="sm" />}
      {log.isSuccess && listed.length === 0 && <Text>{text.noSecurity}</Text>}
      {listed.length > 0 && (
        <Table.ScrollContainer type="native" minWidth={640} tabIndex={0}>
          <Table withTableBorder striped className="numbers">
            <Table.Thead>
              <Table.Tr>
                {[text.time, text.event, text.status, text.who, text.about, text.detail, text.address].map((column) => (
                  <Table.Th key={column} scope="col">
                    {column}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {listed.map((event) => (
                <Table.Tr key={event.id}>
                  <Table.Td className="nowrap">
                    <Time at={event.created_at} />
                  </Table.Td>
                  <Table.Td className="nowrap">
                    {eventName(event.event_type)} {event.count > 1 && <b>{text.times(formats.number(event.count))}</b>}
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="dot" color={colors[event.status] ?? "gray"} tt="none">
                      {words.statuses[event.status] ?? event.status}
                    </Badge>
                  </Table.Td>
                  <Table.Td>{actorName(event)}</Table.Td>
                  <Table.Td>
                    <Targets targets={event.targets.filter((target) => target.target_id !== id)} count={event.target_count - 1} />
                  </Table.Td>
                  <Table.Td lang="en">{event.detail}</Table.Td>
                  <Table.Td>{event.source_address}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {log.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            {text.older}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

import { Badge, Button, Group, Loader, Stack, Switch, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";

import { Failure } from "../../components/Failure";
import { Time } from "../../components/Time";
import { queryOf } from "../../lib/api";
import { type SecurityEvent, isAbout } from "../../lib/events/events";
import { Targets, useActorName, useEventName } from "../../lib/events/names";
import { eventsText } from "../../lib/events/text";
import { flag, useAddressed } from "../../lib/address";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { useLive } from "../../lib/LiveProvider";
import { useSession } from "../../lib/SessionProvider";
import { deviceText } from "./text";

const colors: Readonly<Record<string, string>> = { success: "teal", denied: "orange", error: "red" };

const routineWording = flag("routine", false);
/** Only administrators hear of events as they happen. */
const lookAgain = 30_000;

/** What the audit log has about the device, newest first. */
export function DeviceSecurity({ id }: { id: string }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const words = useText(eventsText);
  const eventName = useEventName();
  const actorName = useActorName();
  const session = useSession();
  const [routine, setRoutine] = useAddressed(routineWording);
  const log = useInfiniteQuery({
    queryKey: ["device", id, "security", routine],
    queryFn: ({ pageParam, signal }) => session.page<SecurityEvent>(`/devices/${id}/security-events${queryOf({ limit: 50, routine: routine ? "true" : undefined, cursor: pageParam })}`, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: session.person.admin ? false : lookAgain,
  });
  useLive(
    (events) => {
      if (events.some((each) => each.type === "security_event" && isAbout(each, "device", id))) void log.refetch();
    },
    () => void log.refetch(),
  );
  const all = log.data?.pages.flatMap((each) => each.items) ?? [];
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
      {log.isSuccess && all.length === 0 && <Text>{text.noSecurity}</Text>}
      {all.length > 0 && (
        <Table.ScrollContainer type="native" minWidth={640} tabIndex={0}>
          <Table withTableBorder striped className="numbers">
            <Table.Thead>
              <Table.Tr>
                {[text.time, text.event, text.status, text.who, text.about, text.detail, text.address].map((each) => (
                  <Table.Th key={each} scope="col">
                    {each}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {all.map((each) => (
                <Table.Tr key={each.id}>
                  <Table.Td className="nowrap">
                    <Time at={each.created_at} />
                  </Table.Td>
                  <Table.Td className="nowrap">
                    {eventName(each.event_type)} {each.count > 1 && <b>{text.times(formats.number(each.count))}</b>}
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="dot" color={colors[each.status] ?? "gray"} tt="none">
                      {words.statuses[each.status] ?? each.status}
                    </Badge>
                  </Table.Td>
                  <Table.Td>{actorName(each)}</Table.Td>
                  <Table.Td>
                    <Targets targets={each.targets.filter((target) => target.target_id !== id)} count={each.target_count - 1} />
                  </Table.Td>
                  <Table.Td lang="en">{each.detail}</Table.Td>
                  <Table.Td>{each.source_address}</Table.Td>
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

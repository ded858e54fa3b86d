import { Badge, Button, Group, Loader, Stack, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";

import { Failure } from "../../components/Failure";
import { Time } from "../../components/Time";
import { type Schemas, queryOf } from "../../lib/api";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { useLive } from "../../lib/LiveProvider";
import { useSession } from "../../lib/SessionProvider";
import { deviceText } from "./text";

const colors: Readonly<Record<string, string>> = { success: "teal", denied: "orange", error: "red" };

/** What the audit log has of the device, newest first, live. For administrators. */
export function DeviceSecurity({ id }: { id: string }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const session = useSession();
  const log = useInfiniteQuery({
    queryKey: ["device", id, "security"],
    queryFn: ({ pageParam, signal }) => session.page<Schemas["SecurityEvent"]>(`/admin/security-events${queryOf({ actor_type: "device", actor_id: id, limit: 50, cursor: pageParam })}`, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  useLive(
    (events) => {
      if (events.some((each) => each.type === "security_event" && each.actor_id === id)) void log.refetch();
    },
    () => void log.refetch(),
  );
  const all = log.data?.pages.flatMap((each) => each.items) ?? [];
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {text.securityExplained}
      </Text>
      <Failure failure={log.error} retry={() => void log.refetch()} />
      {log.isPending && <Loader size="sm" />}
      {log.isSuccess && all.length === 0 && <Text>{text.noSecurity}</Text>}
      {all.length > 0 && (
        <Table.ScrollContainer type="native" minWidth={640} tabIndex={0}>
          <Table withTableBorder striped className="numbers">
            <Table.Thead>
              <Table.Tr>
                {[text.time, text.event, text.status, text.detail, text.address].map((each) => (
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
                    {each.event_type.replaceAll("_", " ")} {each.count > 1 && <b>{text.times(formats.number(each.count))}</b>}
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="dot" color={colors[each.status] ?? "gray"} tt="none">
                      {each.status}
                    </Badge>
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

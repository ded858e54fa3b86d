import { Button, Code, Group, Loader, Stack, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Failure } from "../../components/Failure";
import { Time } from "../../components/Time";
import { type Schemas, queryOf } from "../../lib/api";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { useLive } from "../../lib/LiveProvider";
import { useSession } from "../../lib/SessionProvider";
import { type Range, utc, windowOf } from "./range";
import { deviceText } from "./text";

const perPage = 50;
/** More of a payload than this fits in no line. */
const lineLength = 300;

/** What the device sent, as it sent it, newest first. What comes meanwhile moves nothing away: it is shown when asked for. */
export function Readings({ id, range, simulated }: { id: string; range: Range; simulated: boolean }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const session = useSession();
  const [fresh, setFresh] = useState(0);
  const times = () => {
    const { since, until } = windowOf(range, Date.now());
    return { since: utc(since), ...(range.kind === "fixed" ? { until: utc(until) } : {}), include_simulated: simulated };
  };
  const readings = useInfiniteQuery({
    queryKey: ["device", id, "readings", range, simulated],
    queryFn: ({ pageParam, signal }) => {
      if (pageParam === undefined) setFresh(0);
      return session.page<Schemas["Reading"]>(`/devices/${id}/readings${queryOf({ ...times(), limit: perPage, cursor: pageParam })}`, signal);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  const meta = useQuery({
    queryKey: ["device", id, "meta", range, simulated],
    queryFn: ({ signal }) => session.call<Schemas["ReadingsMeta"]>("GET", `/devices/${id}/readings/meta${queryOf(times())}`, undefined, signal),
  });
  const again = () => {
    void readings.refetch();
    void meta.refetch();
  };
  useLive((events) => {
    if (range.kind === "fixed") return;
    const count = events.filter((each) => each.type === "reading" && each.reading.device_id === id && (simulated || !each.reading.simulated)).length;
    if (count > 0) setFresh((before) => before + count);
  }, again);
  const all = readings.data?.pages.flatMap((each) => each.items) ?? [];
  return (
    <Stack gap="sm">
      <Group mih={30} gap="sm">
        <Text size="sm" c="dimmed">
          {meta.data !== undefined && text.total(meta.data.total_readings)}
        </Text>
        {fresh > 0 && (
          <Button size="xs" variant="light" onClick={again}>
            {text.fresh(fresh)}
          </Button>
        )}
      </Group>
      <Failure failure={readings.error} retry={again} />
      {readings.isPending && <Loader size="sm" />}
      {readings.isSuccess && all.length === 0 && <Text c="dimmed">{text.noReadings}</Text>}
      {all.length > 0 && (
        <ul className="readings">
          {all.map((each) => (
            <li key={each.id}>
              <details>
                <summary>
                  <span className="reading-time">
                    <Time at={each.received_at} />
                  </span>
                  <code className="reading-line">{JSON.stringify(each.payload).slice(0, lineLength)}</code>
                  <span className="reading-size">{formats.bytes(each.payload_size)}</span>
                </summary>
                <Text size="sm" my={4}>
                  {text.measured}: <Time at={each.device_timestamp} />
                </Text>
                <Code block>{JSON.stringify(each.payload, null, 2)}</Code>
              </details>
            </li>
          ))}
        </ul>
      )}
      {readings.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={readings.isFetchingNextPage} onClick={() => void readings.fetchNextPage()}>
            {text.older}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

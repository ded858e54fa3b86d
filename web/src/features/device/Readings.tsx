import { Button, Code, Group, Loader, Stack, Text } from "@mantine/core";
import { useState } from "react";

import { Failure } from "@/components/Failure";
import { Time } from "@/components/Time";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { useLive } from "@/lib/LiveProvider";
import type { Range } from "@/lib/device/range";
import { useReadings, useReadingsMeta } from "@/lib/device/useReadings";
import { deviceText } from "./text";

/** The number of characters of a payload that are shown in the collapsed row. */
const lineLength = 300;

/** The device's readings as it sent them, newest first. New readings are shown on request, so that the list doesn't move. */
export function Readings({ id, range, simulated }: { id: string; range: Range; simulated: boolean }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const [newCount, setNewCount] = useState(0);
  const readings = useReadings(id, range, simulated, () => setNewCount(0));
  const meta = useReadingsMeta(id, simulated, range);
  const refetch = () => {
    void readings.refetch();
    void meta.refetch();
  };
  useLive((events) => {
    if (range.kind === "fixed") return;
    const count = events.filter((event) => event.type === "reading" && event.reading.device_id === id && (simulated || !event.reading.simulated)).length;
    if (count > 0) setNewCount((previous) => previous + count);
  }, refetch);
  const items = readings.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm">
      <Group mih={30} gap="sm">
        <Text size="sm" c="dimmed">
          {meta.data !== undefined && text.total(meta.data.total_readings)}
        </Text>
        {newCount > 0 && (
          <Button size="xs" variant="light" onClick={refetch}>
            {text.fresh(newCount)}
          </Button>
        )}
      </Group>
      <Failure failure={readings.error} retry={refetch} />
      {readings.isPending && <Loader size="sm" />}
      {readings.isSuccess && items.length === 0 && <Text c="dimmed">{text.noReadings}</Text>}
      {items.length > 0 && (
        <ul className="readings">
          {items.map((reading) => (
            <li key={reading.id}>
              <details>
                <summary>
                  <span className="reading-time">
                    <Time at={reading.received_at} />
                  </span>
                  <code className="reading-line">{JSON.stringify(reading.payload).slice(0, lineLength)}</code>
                  <span className="reading-size">{formats.bytes(reading.payload_size)}</span>
                </summary>
                <Text size="sm" my={4}>
                  {text.measured}: <Time at={reading.device_timestamp} />
                </Text>
                <Code block>{JSON.stringify(reading.payload, null, 2)}</Code>
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

import { Table, Text } from "@mantine/core";
import { useMemo } from "react";

import { Time } from "@/components/Time";
import type { Schemas } from "@/lib/api";
import { fleetWords } from "@/lib/fleet/text";
import { labelsOf, textOf, unitOf } from "@/lib/fleet/values";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { deviceText } from "./text";

function useLengthText(): (seconds: number) => string {
  const text = useText(deviceText);
  return (seconds) => {
    if (seconds >= 86_400) return text.days(seconds / 86_400);
    if (seconds >= 3600) return text.hours(seconds / 3600);
    return seconds >= 60 ? text.minutes(seconds / 60) : text.seconds(seconds);
  };
}

/** The data of the charts as a table, newest first. */
export function SeriesTable({ series, stepSeconds }: { series: readonly Schemas["FieldSeries"][]; stepSeconds: number }) {
  const text = useText(deviceText);
  const words = useText(fleetWords);
  const formats = useFormats();
  const lengthText = useLengthText();
  const rows = useMemo(() => {
    const rowsByStart = new Map<string, Map<string, Schemas["SeriesBucket"]>>();
    for (const { field, buckets } of series)
      for (const bucket of buckets) {
        let row = rowsByStart.get(bucket.start);
        if (row === undefined) rowsByStart.set(bucket.start, (row = new Map<string, Schemas["SeriesBucket"]>()));
        row.set(field, bucket);
      }
    return [...rowsByStart].sort(([a], [b]) => (a < b ? 1 : -1));
  }, [series]);
  const labels = useMemo(
    () =>
      labelsOf(
        series.map(({ field }) => field),
        words,
      ),
    [series, words],
  );
  if (rows.length === 0) return <Text c="dimmed">{text.noneInRange}</Text>;
  return (
    <>
      <Text size="sm" c="dimmed">
        {text.steps(lengthText(stepSeconds))}
      </Text>
      <Table.ScrollContainer type="native" minWidth={640} tabIndex={0}>
        <Table striped withTableBorder className="numbers">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{text.time}</Table.Th>
              {series.map(({ field }) => (
                <Table.Th key={field} scope="col">
                  {labels.get(field)}
                  {unitOf(field) !== undefined && ` (${unitOf(field)})`}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(([start, row]) => (
              <Table.Tr key={start}>
                <Table.Th scope="row" fw={400}>
                  <Time at={start} />
                </Table.Th>
                {series.map(({ field }) => {
                  const bucket = row.get(field);
                  return (
                    <Table.Td key={field}>
                      {bucket === undefined ? words.nothing : formats.measured(bucket.mean, 4, 1)}
                      {bucket !== undefined && bucket.min !== bucket.max && (
                        <Text span size="xs" c="dimmed">
                          {" "}
                          {text.lowHigh(textOf("", bucket.min, words, formats), textOf("", bucket.max, words, formats))}
                        </Text>
                      )}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

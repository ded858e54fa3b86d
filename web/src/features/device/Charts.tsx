import { Center, Group, Loader, Stack, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useCallback, useMemo } from "react";

import { Failure } from "@/components/Failure";
import { useQueryState } from "@/lib/address";
import { type Device, maxSilenceOf } from "@/lib/fleet/fleet";
import { fleetWords } from "@/lib/fleet/text";
import { labelsOf } from "@/lib/fleet/values";
import { useText } from "@/lib/i18n/LanguageProvider";
import { initialFieldCount, fieldsCodec, shownFields } from "./fields";
import { FieldChart } from "./FieldChart";
import { FieldPicker } from "./FieldPicker";
import { type Range, pointsFor, zoomed } from "@/lib/device/range";
import { SeriesTable } from "./SeriesTable";
import { StateTimeline } from "./StateTimeline";
import { kindsOf, momentsOfBuckets, spansOf } from "@/lib/device/series";
import { deviceText } from "./text";
import { useLiveReadings, useSeries, useStates, useMaxSilence, useWindow } from "@/lib/device/useSeries";

export type View = "charts" | "table";
const tablePoints = 60;
/** A constant empty array, so that memoised components don't render again. */
const noItems: readonly never[] = [];

/** The device's fields over a time range: line charts for numbers, timelines for states, or one table. */
export function Charts({ device, range, zoom, simulated, view }: { device: Device; range: Range; zoom: (range: Range) => void; simulated: boolean; view: View }) {
  const text = useText(deviceText);
  const words = useText(fleetWords);
  const maxSilence = useMaxSilence(device.id, simulated, maxSilenceOf(device));
  const { ref, width } = useElementSize();
  // Keep the same array while the fields stay the same, so that no query runs again.
  const names = [...device.fields].map(([field, value]) => `${field}\n${typeof value}`).join("\n\n");
  const all = useMemo(() => {
    const { numbers, flags, words: texts } = kindsOf(device.fields);
    return [...numbers, ...flags, ...texts];
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `names` stands for the fields
  }, [names]);
  const labels = useMemo(() => labelsOf(all, words), [all, words]);
  const [chosenFields, choose] = useQueryState(fieldsCodec);
  const shown = useMemo(() => shownFields(all, chosenFields), [all, chosenFields]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- `shown` changes with the fields
  const kinds = useMemo(() => kindsOf(new Map(shown.map((field) => [field, device.fields.get(field) ?? null]))), [shown]);
  const labelFor = (field: string) => labels.get(field) ?? field;
  const drawn = useMemo(() => [...kinds.numbers, ...kinds.flags], [kinds]);
  const columns = width > 900 ? 2 : 1;
  const points = view === "table" ? tablePoints : Math.ceil(pointsFor(width / columns) / 100) * 100;
  const target = { id: device.id, range, simulated };
  const series = useSeries({ ...target, fields: width === 0 ? [] : drawn, points });
  const states = useStates({ ...target, fields: kinds.words });
  const liveReadings = useLiveReadings(device.id, simulated, () => {
    void series.refetch();
    void states.refetch();
  });
  const window = useWindow(range, liveReadings);
  const onZoom = useCallback((since: number, until: number) => zoom(zoomed(since, until)), [zoom]);

  const { data } = series;
  const shownReadings = range.kind === "last" ? liveReadings : noItems;
  const bucketsOf = (field: string) => data?.series.find((candidate) => candidate.field === field)?.buckets ?? noItems;
  const currentOf = (field: string) => {
    const value = device.fields.get(field);
    return range.kind === "last" && typeof value === "number" ? value : undefined;
  };
  const flagSpans = (field: string) => {
    const since = data?.untilTime ?? 0;
    const later = shownReadings.flatMap(({ at, fields }) => (at > since && typeof fields.get(field) === "boolean" ? [{ at, count: 1, state: fields.get(field) === true ? words.yes : words.no }] : []));
    return spansOf([...momentsOfBuckets(bucketsOf(field), { yes: words.yes, no: words.no, both: text.both }), ...later], data?.step_seconds ?? 1, maxSilence, window);
  };
  const wordSpans = (field: string) => {
    const moments = states.data?.moments.get(field) ?? [];
    const since = moments.at(-1)?.at ?? 0;
    const later = shownReadings.flatMap(({ at, fields }) => {
      const state = fields.get(field);
      return at > since && typeof state === "string" ? [{ at, count: 1, state }] : [];
    });
    return spansOf([...moments, ...later], 0, maxSilence, window);
  };

  return (
    <Stack gap="sm" ref={ref}>
      <Failure failure={series.error ?? states.error} retry={() => void (series.refetch(), states.refetch())} />
      {all.length > initialFieldCount && (
        <Group gap="sm">
          <FieldPicker all={all} labels={labels} shown={shown} choose={choose} />
        </Group>
      )}
      {device.fields.size === 0 && <Text c="dimmed">{text.noFields}</Text>}
      {data === undefined && drawn.length > 0 && !series.isError && (
        <Center mih={chartsHeight(kinds.numbers.length, columns)}>
          <Loader />
        </Center>
      )}
      {data !== undefined && view === "table" && <SeriesTable series={data.series} stepSeconds={data.step_seconds} />}
      {data !== undefined && view === "charts" && (
        <div className="fields" data-old={series.isPlaceholderData}>
          {kinds.numbers.map((field) => (
            <FieldChart key={field} field={field} name={labelFor(field)} buckets={bucketsOf(field)} stepSeconds={data.step_seconds} until={data.untilTime} liveReadings={shownReadings} current={currentOf(field)} maxSilence={maxSilence} window={window} onZoom={onZoom} />
          ))}
        </div>
      )}
      {view === "charts" && (
        <>
          {kinds.flags.map((field) => (
            <StateTimeline key={field} name={labelFor(field)} spans={flagSpans(field)} window={window} />
          ))}
          {kinds.words.map((field) => (
            <StateTimeline key={field} name={labelFor(field)} spans={wordSpans(field)} window={window} note={states.data !== undefined && !states.data.complete ? text.onlyLast(states.data.readings) : undefined} />
          ))}
        </>
      )}
    </Stack>
  );
}

/** The height the charts will take, so that the layout doesn't jump when they load. */
const chartsHeight = (count: number, columns: number) => Math.ceil(count / columns) * 200;

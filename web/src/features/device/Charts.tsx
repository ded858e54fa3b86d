import { Center, Group, Loader, Stack, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useCallback, useMemo } from "react";

import { Failure } from "../../components/Failure";
import { useAddressed } from "../../lib/address";
import { type Device, silenceOf } from "../../lib/fleet/fleet";
import { fleetWords } from "../../lib/fleet/text";
import { labelsOf } from "../../lib/fleet/values";
import { useText } from "../../lib/i18n/LanguageProvider";
import { atFirst, fieldsWording, shownOf } from "./fields";
import { FieldChart } from "./FieldChart";
import { FieldPicker } from "./FieldPicker";
import { type Range, pointsFor, zoomed } from "./range";
import { SeriesTable } from "./SeriesTable";
import { StateTimeline } from "./StateTimeline";
import { kindsOf, momentsOfBuckets, spansOf } from "./series";
import { deviceText } from "./text";
import { useHeard, useSeries, useStates, useUsualGap, useWindow } from "./useSeries";

export type View = "charts" | "table";
const tablePoints = 60;
/** One for all, so that who is shown it twice need not draw twice. */
const nothing: readonly never[] = [];

/** What the device measured over a time: lines for numbers, stripes for states, or all of it as a table. */
export function Charts({ device, range, zoom, simulated, view }: { device: Device; range: Range; zoom: (range: Range) => void; simulated: boolean; view: View }) {
  const text = useText(deviceText);
  const words = useText(fleetWords);
  const silence = useUsualGap(device.id, simulated, silenceOf(device));
  const { ref, width } = useElementSize();
  // Fields come and go seldom; the same list is the same object, so that nothing is asked again for it.
  const names = [...device.fields].map(([field, value]) => `${field}\n${typeof value}`).join("\n\n");
  const all = useMemo(() => {
    const { numbers, flags, words: texts } = kindsOf(device.fields);
    return [...numbers, ...flags, ...texts];
  }, [names]);
  const labels = useMemo(() => labelsOf(all, words), [all, words]);
  const [chosen, choose] = useAddressed(fieldsWording);
  const shown = useMemo(() => shownOf(all, chosen), [all, chosen]);
  const kinds = useMemo(() => kindsOf(new Map(shown.map((each) => [each, device.fields.get(each) ?? null]))), [shown]);
  const labelFor = (field: string) => labels.get(field) ?? field;
  const drawn = useMemo(() => [...kinds.numbers, ...kinds.flags], [kinds]);
  const columns = width > 900 ? 2 : 1;
  const points = view === "table" ? tablePoints : Math.ceil(pointsFor(width / columns) / 100) * 100;
  const asked = { id: device.id, range, simulated };
  const series = useSeries({ ...asked, fields: width === 0 ? [] : drawn, points });
  const states = useStates({ ...asked, fields: kinds.words });
  const heard = useHeard(device.id, simulated, () => {
    void series.refetch();
    void states.refetch();
  });
  const window = useWindow(range, heard);
  const onZoom = useCallback((since: number, until: number) => zoom(zoomed(since, until)), [zoom]);

  const { data } = series;
  const following = range.kind === "last" ? heard : nothing;
  const bucketsOf = (field: string) => data?.series.find((each) => each.field === field)?.buckets ?? nothing;
  const currentOf = (field: string) => {
    const value = device.fields.get(field);
    return range.kind === "last" && typeof value === "number" ? value : undefined;
  };
  const flagSpans = (field: string) => {
    const since = data?.untilTime ?? 0;
    const later = following.flatMap(({ at, fields }) => (at > since && typeof fields.get(field) === "boolean" ? [{ at, count: 1, state: fields.get(field) === true ? words.yes : words.no }] : []));
    return spansOf([...momentsOfBuckets(bucketsOf(field), { yes: words.yes, no: words.no, both: text.both }), ...later], data?.step_seconds ?? 1, silence, window);
  };
  const wordSpans = (field: string) => {
    const known = states.data?.moments.get(field) ?? [];
    const since = known.at(-1)?.at ?? 0;
    const later = following.flatMap(({ at, fields }) => {
      const state = fields.get(field);
      return at > since && typeof state === "string" ? [{ at, count: 1, state }] : [];
    });
    return spansOf([...known, ...later], 0, silence, window);
  };

  return (
    <Stack gap="sm" ref={ref}>
      <Failure failure={series.error ?? states.error} retry={() => void (series.refetch(), states.refetch())} />
      {all.length > atFirst && (
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
            <FieldChart key={field} field={field} name={labelFor(field)} buckets={bucketsOf(field)} stepSeconds={data.step_seconds} until={data.untilTime} heard={following} current={currentOf(field)} silence={silence} window={window} zoom={onZoom} />
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

/** What the charts will take, so that nothing jumps when they come. */
const chartsHeight = (count: number, columns: number) => Math.ceil(count / columns) * 200;

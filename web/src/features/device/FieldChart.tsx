import { Text } from "@mantine/core";
import { memo, useMemo, useState } from "react";

import type { Schemas } from "@/lib/api";
import { fleetWords } from "@/lib/fleet/text";
import { textOf, unitOf } from "@/lib/fleet/values";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { Chart, chartHeight } from "./Chart";
import { useInView } from "./useInView";
import type { Window } from "@/lib/device/range";
import { type LiveReading, columnsOf, summaryOf } from "@/lib/device/series";
import { deviceText } from "./text";

type Props = {
  field: string;
  name: string;
  buckets: readonly Schemas["SeriesBucket"][];
  stepSeconds: number;
  until: number;
  liveReadings: readonly LiveReading[];
  /** The current value, if the time range ends now. */
  current: number | undefined;
  /** The longest gap that a line bridges if there are too few readings to derive it, in milliseconds. */
  maxSilence: number;
  window: Window;
  onZoom: (since: number, until: number) => void;
};

/** A field's chart with its name and its value: the current one, or the one under the cursor. */
export const FieldChart = memo(function FieldChart({ field, name, buckets, stepSeconds, until, liveReadings, current, maxSilence, window, onZoom }: Props) {
  const text = useText(deviceText);
  const words = useText(fleetWords);
  const formats = useFormats();
  const [pointIndex, setPointIndex] = useState<number>();
  const { ref, inView } = useInView();
  const columns = useMemo(() => columnsOf(field, buckets, stepSeconds, until, liveReadings, maxSilence), [field, buckets, stepSeconds, until, liveReadings, maxSilence]);
  const summary = useMemo(() => summaryOf(columns), [columns]);
  // Means have many digits, of which few are significant.
  const number = (amount: number) => formats.measured(amount, 4, 1);
  const unit = unitOf(field);
  const value = (amount: number) => (unit === undefined ? number(amount) : `${number(amount)} ${unit}`);
  const label =
    summary === undefined
      ? text.noChart(name)
      : text.chart(name, value(summary.lowest), value(summary.highest), value(current ?? summary.last), formats.time(window.since), formats.time(window.until));

  const at = pointIndex === undefined ? undefined : columns.x[pointIndex];
  const mean = pointIndex === undefined ? undefined : columns.mean[pointIndex];
  const low = pointIndex === undefined ? undefined : columns.min[pointIndex];
  const high = pointIndex === undefined ? undefined : columns.max[pointIndex];
  const pointing = at !== undefined && typeof mean === "number" && typeof low === "number" && typeof high === "number";
  return (
    <section className="field" aria-label={name} ref={ref}>
      <div className="field-head">
        <Text fw={600} size="sm" className="field-name" title={field}>
          {name}
        </Text>
        <Text size="xs" c="dimmed" className="field-note">
          {pointing
            ? `${formats.shortTime(at * 1000)}${low === high ? "" : ` · ${text.lowHigh(formats.measured(low), formats.measured(high))}`}`
            : summary === undefined
              ? text.noneInRange
              : text.lowHigh(formats.measured(summary.lowest), formats.measured(summary.highest))}
        </Text>
        <Text fw={700} className="field-value">
          {pointing ? value(mean) : current !== undefined ? textOf(field, current, words, formats) : summary === undefined ? words.nothing : value(summary.last)}
        </Text>
      </div>
      {inView ? <Chart columns={columns} window={window} label={label} onPoint={setPointIndex} onZoom={onZoom} /> : <div role="img" aria-label={label} style={{ height: chartHeight }} />}
    </section>
  );
});

import { Text } from "@mantine/core";
import { memo, useMemo, useState } from "react";

import type { Schemas } from "../../lib/api";
import { fleetWords } from "../../lib/fleet/text";
import { textOf, unitOf } from "../../lib/fleet/values";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { Chart, chartHeight } from "./Chart";
import { useSeen } from "./useSeen";
import type { Window } from "./range";
import { type Heard, columnsOf, summaryOf } from "./series";
import { deviceText } from "./text";

type Asked = {
  field: string;
  name: string;
  buckets: readonly Schemas["SeriesBucket"][];
  stepSeconds: number;
  until: number;
  heard: readonly Heard[];
  /** What it says now, where the time goes up to now. */
  current: number | undefined;
  /** The longest silence over which a line goes on where there are too few readings to tell, in milliseconds. */
  silence: number;
  window: Window;
  zoom: (since: number, until: number) => void;
};

/** A field's chart, below its name and what it says: now, or where one points. */
export const FieldChart = memo(function FieldChart({ field, name, buckets, stepSeconds, until, heard, current, silence, window, zoom }: Asked) {
  const text = useText(deviceText);
  const words = useText(fleetWords);
  const formats = useFormats();
  const [pointed, setPointed] = useState<number>();
  const { ref, seen } = useSeen();
  const columns = useMemo(() => columnsOf(field, buckets, stepSeconds, until, heard, silence), [field, buckets, stepSeconds, until, heard, silence]);
  const summary = useMemo(() => summaryOf(columns), [columns]);
  // Means have many digits, and few that count.
  const number = (of: number) => formats.measured(of, 4, 1);
  const unit = unitOf(field);
  const value = (of: number) => (unit === undefined ? number(of) : `${number(of)} ${unit}`);
  const label =
    summary === undefined
      ? text.noChart(name)
      : text.chart(name, value(summary.lowest), value(summary.highest), value(current ?? summary.last), formats.time(window.since), formats.time(window.until));

  const at = pointed === undefined ? undefined : columns.x[pointed];
  const mean = pointed === undefined ? undefined : columns.mean[pointed];
  const low = pointed === undefined ? undefined : columns.min[pointed];
  const high = pointed === undefined ? undefined : columns.max[pointed];
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
      {seen ? <Chart columns={columns} window={window} label={label} point={setPointed} zoom={zoom} /> : <div role="img" aria-label={label} style={{ height: chartHeight }} />}
    </section>
  );
});

import { Text } from "@mantine/core";
import { memo, useMemo, useState } from "react";

import type { Schemas } from "../../lib/api";
import { fleetWords } from "../../lib/fleet/text";
import { labelOf, textOf } from "../../lib/fleet/values";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { Chart } from "./Chart";
import type { Window } from "./range";
import { type Heard, columnsOf, summaryOf } from "./series";
import { deviceText } from "./text";

type Asked = {
  field: string;
  buckets: readonly Schemas["SeriesBucket"][];
  stepSeconds: number;
  until: number;
  heard: readonly Heard[];
  /** What it says now, where the time goes up to now. */
  current: number | undefined;
  gap: number;
  window: Window;
  zoom: (since: number, until: number) => void;
};

/** A field's chart, below its name and what it says: now, or where one points. */
export const FieldChart = memo(function FieldChart({ field, buckets, stepSeconds, until, heard, current, gap, window, zoom }: Asked) {
  const text = useText(deviceText);
  const words = useText(fleetWords);
  const formats = useFormats();
  const [pointed, setPointed] = useState<number>();
  const columns = useMemo(() => columnsOf(field, buckets, stepSeconds, until, heard, gap), [field, buckets, stepSeconds, until, heard, gap]);
  const summary = useMemo(() => summaryOf(columns), [columns]);
  const name = labelOf(field, words);
  // Means have many digits, and few that count.
  const value = (of: number) => textOf(field, Math.abs(of) < 100 ? Math.round(of * 100) / 100 : Math.round(of * 10) / 10, words, formats);
  const label =
    summary === undefined
      ? text.noChart(name)
      : text.chart(name, value(summary.lowest), value(summary.highest), value(current ?? summary.last), formats.time(window.since), formats.time(window.until));

  const at = pointed === undefined ? undefined : columns.x[pointed];
  const mean = pointed === undefined ? undefined : columns.mean[pointed];
  const low = pointed === undefined ? undefined : columns.min[pointed];
  const high = pointed === undefined ? undefined : columns.max[pointed];
  const pointing = at !== undefined && typeof mean === "number" && typeof low === "number" && typeof high === "number";
  const shown = pointing ? mean : (current ?? summary?.last);
  return (
    <section className="field" aria-label={name}>
      <div className="field-head">
        <Text fw={600} size="sm" className="field-name">
          {name}
        </Text>
        <Text size="xs" c="dimmed" className="field-note">
          {pointing
            ? `${formats.shortTime(at * 1000)}${low === high ? "" : ` · ${text.lowHigh(formats.number(low, 3), formats.number(high, 3))}`}`
            : summary === undefined
              ? text.noneInRange
              : text.lowHigh(formats.number(summary.lowest, 3), formats.number(summary.highest, 3))}
        </Text>
        <Text fw={700} className="field-value">
          {shown === undefined ? words.nothing : value(shown)}
        </Text>
      </div>
      <Chart columns={columns} window={window} label={label} point={setPointed} zoom={zoom} />
    </section>
  );
});

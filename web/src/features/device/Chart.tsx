import "uplot/dist/uPlot.min.css";

import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";

import { useFormats, useLanguage } from "@/lib/i18n/LanguageProvider";
import { scaleFactor, timeLabels, axisRange } from "./axis";
import type { Window } from "@/lib/device/range";
import { type Columns, isolatedPoints } from "@/lib/device/series";

export const chartHeight = 150;
/** All charts of the page share one cursor. */
const cursorSync = uPlot.sync("device");

type Props = {
  columns: Columns;
  window: Window;
  /** Accessible description of the chart. */
  label: string;
  /** Reports the index of the point under the cursor; undefined if none. */
  onPoint: (index: number | undefined) => void;
  onZoom: (since: number, until: number) => void;
};

const colors = {
  light: { line: "#087f5b", band: "rgba(8, 127, 91, 0.16)", grid: "#e9ecef", text: "#495057" },
  dark: { line: "#38d9a9", band: "rgba(56, 217, 169, 0.18)", grid: "#3b3b3b", text: "#c9c9c9" },
};

/** A field over time: the mean as a line, the range from minimum to maximum as a band. Dragging zooms in. */
export function Chart({ columns, window, label, onPoint, onZoom }: Props) {
  const container = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  const scheme = useComputedColorScheme("light");
  const { language } = useLanguage();
  const formats = useFormats();
  const factor = scaleFactor(columns);
  const latest = useRef({ columns, factor, window, onPoint, onZoom });
  latest.current = { columns, factor, window, onPoint, onZoom };

  useLayoutEffect(() => {
    const element = container.current;
    if (element === null) return;
    const { line, band, grid, text } = colors[scheme];
    const font = `12px ${getComputedStyle(element).fontFamily}`;
    const axis = { stroke: text, font, grid: { stroke: grid, width: 1 }, ticks: { show: false } };
    const bandEdge = { stroke: "transparent", points: { show: false } };
    const chart = new uPlot(
      {
        width: Math.max(100, element.clientWidth),
        height: chartHeight,
        legend: { show: false },
        padding: [8, 20, 0, 0], // room for half of the last time label
        cursor: { sync: { key: cursorSync.key, setSeries: false, filters: { pub: (type) => type !== "mousedown" && type !== "mouseup" } }, drag: { x: true, y: false, setScale: false }, points: { size: (_, series) => (series === 3 ? 7 : 0) } },
        scales: { x: { range: () => [latest.current.window.since / 1000, latest.current.window.until / 1000] }, y: { range: (_, min, max) => axisRange(min, max) } },
        axes: [
          { ...axis, values: (_, splits, __, ___, step) => timeLabels(language, splits, step), space: 64, size: 24 },
          { ...axis, values: (_, splits) => splits.map((split) => formats.measured(split * latest.current.factor)), size: (_, values) => axisWidth(values), space: 28 },
        ],
        series: [{}, bandEdge, bandEdge, { stroke: line, width: 1.5, points: { show: (u) => hasFewPoints(u), filter: (u) => (hasFewPoints(u) ? null : isolatedPoints({ mean: u.data[3] as (number | null)[] })), size: 4, fill: line } }],
        bands: [{ series: [2, 1], fill: band }],
        hooks: {
          setCursor: [(u) => latest.current.onPoint(u.cursor.idx ?? undefined)],
          setSelect: [
            (u) => {
              if (u.select.width < 4) return;
              latest.current.onZoom(u.posToVal(u.select.left, "x") * 1000, u.posToVal(u.select.left + u.select.width, "x") * 1000);
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
        },
      },
      dataOf(latest.current.columns, latest.current.factor),
      element,
    );
    plot.current = chart;
    cursorSync.sub(chart);
    const resizeObserver = new ResizeObserver(() => chart.setSize({ width: Math.max(100, element.clientWidth), height: chartHeight }));
    resizeObserver.observe(element);
    return () => {
      resizeObserver.disconnect();
      cursorSync.unsub(chart);
      chart.destroy();
      plot.current = undefined;
    };
  }, [scheme, language, formats]);

  const { since, until } = window;
  useEffect(() => plot.current?.setData(dataOf(columns, factor)), [columns, factor, since, until]);
  return <div ref={container} className="chart" role="img" aria-label={label} style={{ height: chartHeight }} />;
}

const dataOf = ({ x, min, max, mean }: Columns, factor: number): uPlot.AlignedData => {
  const scaled = (values: (number | null)[]) => (factor === 1 ? values : values.map((value) => (value === null ? null : value / factor)));
  return [x, scaled(min), scaled(max), scaled(mean)];
};

const axisWidth = (labels: string[] | null) => Math.max(56, 12 + 7 * Math.max(0, ...(labels ?? []).map((label) => label.length)));

/** With few points all are drawn; with many, only isolated ones between two gaps, which have no line. */
const hasFewPoints = (plot: uPlot) => plot.data[0].length < 60;

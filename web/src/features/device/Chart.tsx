import "uplot/dist/uPlot.min.css";

import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";

import { useFormats, useLanguage } from "../../lib/i18n/LanguageProvider";
import { factorOf, labelsFor, scaleOf } from "./axis";
import type { Window } from "./range";
import { type Columns, alone } from "./series";

export const chartHeight = 150;
/** Charts that show one device have one cursor. */
const together = uPlot.sync("device");

type Asked = {
  columns: Columns;
  window: Window;
  /** What is said in place of the picture. */
  label: string;
  /** Which point is pointed at; undefined: none. */
  point: (index: number | undefined) => void;
  zoom: (since: number, until: number) => void;
};

const colors = {
  light: { line: "#087f5b", band: "rgba(8, 127, 91, 0.16)", grid: "#e9ecef", text: "#495057" },
  dark: { line: "#38d9a9", band: "rgba(56, 217, 169, 0.18)", grid: "#3b3b3b", text: "#c9c9c9" },
};

/** A field over the time: its mean as a line, from its lowest to its highest as a band. Dragging chooses a time. */
export function Chart({ columns, window, label, point, zoom }: Asked) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  const scheme = useComputedColorScheme("light");
  const { language } = useLanguage();
  const formats = useFormats();
  const factor = factorOf(columns);
  const latest = useRef({ columns, factor, window, point, zoom });
  latest.current = { columns, factor, window, point, zoom };

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    const { line, band, grid, text } = colors[scheme];
    const font = `12px ${getComputedStyle(element).fontFamily}`;
    const axis = { stroke: text, font, grid: { stroke: grid, width: 1 }, ticks: { show: false } };
    const edge = { stroke: "transparent", points: { show: false } };
    const made = new uPlot(
      {
        width: Math.max(100, element.clientWidth),
        height: chartHeight,
        legend: { show: false },
        padding: [8, 20, 0, 0], // half of a time at the right edge
        cursor: { sync: { key: together.key, setSeries: false, filters: { pub: (type) => type !== "mousedown" && type !== "mouseup" } }, drag: { x: true, y: false, setScale: false }, points: { size: (_, series) => (series === 3 ? 7 : 0) } },
        scales: { x: { range: () => [latest.current.window.since / 1000, latest.current.window.until / 1000] }, y: { range: (_, min, max) => scaleOf(min, max) } },
        axes: [
          { ...axis, values: (_, splits, __, ___, step) => labelsFor(language, splits, step), space: 64, size: 24 },
          { ...axis, values: (_, splits) => splits.map((each) => formats.measured(each * latest.current.factor)), size: (_, values) => axisWidth(values as string[] | null), space: 28 },
        ],
        series: [{}, edge, edge, { stroke: line, width: 1.5, points: { show: (u) => few(u), filter: (u) => (few(u) ? null : alone({ mean: u.data[3] as (number | null)[] })), size: 4, fill: line } }],
        bands: [{ series: [2, 1], fill: band }],
        hooks: {
          setCursor: [(u) => latest.current.point(u.cursor.idx ?? undefined)],
          setSelect: [
            (u) => {
              if (u.select.width < 4) return;
              latest.current.zoom(u.posToVal(u.select.left, "x") * 1000, u.posToVal(u.select.left + u.select.width, "x") * 1000);
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
        },
      },
      dataOf(latest.current.columns, latest.current.factor),
      element,
    );
    plot.current = made;
    together.sub(made);
    const resized = new ResizeObserver(() => made.setSize({ width: Math.max(100, element.clientWidth), height: chartHeight }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      together.unsub(made);
      made.destroy();
      plot.current = undefined;
    };
  }, [scheme, language, formats]);

  const { since, until } = window;
  useEffect(() => plot.current?.setData(dataOf(columns, factor)), [columns, factor, since, until]);
  return <div ref={host} className="chart" role="img" aria-label={label} style={{ height: chartHeight }} />;
}

const dataOf = ({ x, min, max, mean }: Columns, factor: number): uPlot.AlignedData => {
  const scaled = (values: (number | null)[]) => (factor === 1 ? values : values.map((each) => (each === null ? null : each / factor)));
  return [x, scaled(min), scaled(max), scaled(mean)];
};

const axisWidth = (labels: string[] | null) => Math.max(56, 12 + 7 * Math.max(0, ...(labels ?? []).map((each) => each.length)));

/** Points are drawn where there are few; of many, those between two gaps, which have no line. */
const few = (plot: uPlot) => plot.data[0].length < 60;

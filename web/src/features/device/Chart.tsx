import "uplot/dist/uPlot.min.css";

import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";

import { useFormats, useLanguage } from "../../lib/i18n/LanguageProvider";
import { labelsFor, scaleOf } from "./axis";
import type { Window } from "./range";
import type { Columns } from "./series";

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
  const latest = useRef({ columns, window, point, zoom });
  latest.current = { columns, window, point, zoom };

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
          { ...axis, values: (_, splits) => splits.map((each) => formats.number(each, 3)), size: 56, space: 28 },
        ],
        series: [{}, edge, edge, { stroke: line, width: 1.5, points: { show: (u) => isolated(u), size: 4, fill: line } }],
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
      dataOf(latest.current.columns),
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
  useEffect(() => plot.current?.setData(dataOf(columns)), [columns, since, until]);
  return <div ref={host} className="chart" role="img" aria-label={label} style={{ height: chartHeight }} />;
}

const dataOf = ({ x, min, max, mean }: Columns): uPlot.AlignedData => [x, min, max, mean];

/** Points are drawn where there are few: a reading between two gaps has no line. */
const isolated = (plot: uPlot) => plot.data[0].length < 60;

import "./feed.css";

import { Center, Loader } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";

import { useText } from "../lib/i18n/LanguageProvider";
import { componentsText } from "./text";

/** The one control of a row that Tab and the arrow keys come to. */
export type Reach = { tabIndex: number; "data-index": number };

type Asked<T> = {
  label: string;
  /** The names of the columns, and their widths as CSS has them; a narrow window arranges the cells by their classes. */
  columns: readonly { name: string; className: string; width: string }[];
  items: readonly T[];
  /** The cells of a row, in the order of the columns. */
  row: (item: T, reach: Reach) => readonly ReactNode[];
  /** Of one row, in a wide and in a narrow window, in pixels. */
  heights: { wide: number; narrow: number };
  selected?: (item: T) => boolean;
  /** Fetches what follows; absent at the end. */
  more?: (() => void) | undefined;
  loading: boolean;
  /** Stays in sight above the rows. */
  toolbar: ReactNode;
  /** Hangs below what stays in sight, and takes no room: says that there is more on top. */
  pill?: ReactNode;
  /** In place of rows, where there are none. */
  empty: ReactNode;
};

const narrow = matchMedia("(max-width: 62em)");
/** So many rows before the end, what follows is fetched. */
const ahead = 20;

/** A list that grows while it is scrolled: the rows in sight are there. Tab comes to one row, arrow keys go to the others. */
export function Feed<T extends { id: number }>({ label, columns, items, row, heights, selected, more, loading, toolbar, pill, empty }: Asked<T>) {
  const text = useText(componentsText);
  const list = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const wanted = useRef<number>();
  const [top, setTop] = useState(0);
  const [active, setActive] = useState(0);
  const heightOfRow = () => (narrow.matches ? heights.narrow : heights.wide);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0));
  const rows = useWindowVirtualizer({ count: items.length, estimateSize: heightOfRow, overscan: 8, scrollMargin: top, getItemKey: (index) => items[index]?.id ?? index });
  useEffect(() => {
    const changed = () => rows.measure();
    narrow.addEventListener("change", changed);
    return () => narrow.removeEventListener("change", changed);
  }, [rows]);

  const shown = rows.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  // What can't be seen can't be reached; Tab then comes to the first that can.
  const reachable = active >= first && active <= last ? active : first;
  const atEnd = last >= items.length - ahead;
  useEffect(() => {
    if (atEnd && !loading) more?.();
  }, [atEnd, loading, more]);
  useEffect(() => {
    if (wanted.current === undefined) return;
    const control = list.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!control) return;
    wanted.current = undefined;
    control.focus({ preventScroll: true });
  });

  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    const page = Math.max(1, Math.floor(innerHeight / heightOfRow()) - 6);
    const steps: Readonly<Record<string, number>> = { ArrowDown: reachable + 1, ArrowUp: reachable - 1, PageDown: reachable + page, PageUp: reachable - page, Home: 0, End: items.length - 1 };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const there = Math.max(0, Math.min(items.length - 1, next));
    wanted.current = there;
    setActive(there);
    // Below what stays in sight above the rows.
    const start = top + there * heightOfRow();
    const covered = head.current?.getBoundingClientRect().bottom ?? 0;
    if (start < scrollY + covered) scrollTo({ top: start - covered });
    else if (start + heightOfRow() > scrollY + innerHeight) scrollTo({ top: start + heightOfRow() - innerHeight });
  };

  const style = { "--feed-columns": columns.map((each) => each.width).join(" "), "--feed-wide": `${heights.wide}px`, "--feed-narrow": `${heights.narrow}px` } as CSSProperties;
  return (
    <div className="feed" style={style}>
      <div className="feed-top" ref={head}>
        <div className="feed-toolbar">{toolbar}</div>
        {/* For the eyes; the grid has its own, as controls of a toolbar may not be within one. */}
        <div aria-hidden className="feed-row feed-head">
          {columns.map((each) => (
            <div key={each.className} className={each.className}>
              {each.name}
            </div>
          ))}
        </div>
        {pill !== undefined && <div className="pill">{pill}</div>}
      </div>
      <div role="grid" aria-label={label} aria-rowcount={more === undefined ? items.length + 1 : -1}>
        <div role="rowgroup" className="unseen">
          <div role="row" aria-rowindex={1}>
            {columns.map((each) => (
              <span key={each.className} role="columnheader">
                {each.name}
              </span>
            ))}
          </div>
        </div>
        {items.length > 0 && (
          <div ref={list} role="rowgroup" className="feed-rows" style={{ height: rows.getTotalSize() }} onKeyDown={keys}>
            {shown.map(({ index, start, key }) => {
              const item = items[index];
              if (item === undefined) return null;
              const cells = row(item, { tabIndex: index === reachable ? 0 : -1, "data-index": index });
              return (
                <div key={key} role="row" aria-rowindex={index + 2} className="feed-row" aria-selected={selected?.(item)} onFocus={() => setActive(index)} style={{ transform: `translateY(${start - top}px)` }}>
                  {columns.map((column, n) => (
                    <div key={column.className} role="gridcell" className={column.className}>
                      {cells[n]}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        )}
      </div>
      {items.length === 0 && !loading && empty}
      <Center mih={64}>{loading && <Loader size="sm" aria-label={text.loading} />}</Center>
    </div>
  );
}

import "./feed.css";

import { Center, Loader } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";

import { useText } from "@/lib/i18n/LanguageProvider";
import { componentsText } from "./text";

/** Props of the row's control that takes part in keyboard navigation. */
export type RowControlProps = { tabIndex: number; "data-index": number };

type Props<T> = {
  label: string;
  /** Column names and CSS widths. In a narrow window, the class names place the cells. */
  columns: readonly { name: string; className: string; width: string }[];
  items: readonly T[];
  /** Returns the cells of a row, in column order. */
  row: (item: T, control: RowControlProps) => readonly ReactNode[];
  /** Row heights in a wide and in a narrow window, in pixels. */
  heights: { wide: number; narrow: number };
  selected?: (item: T) => boolean;
  /** Fetches the next page. Absent at the end of the list. */
  loadMore?: (() => void) | undefined;
  loading: boolean;
  /** Sticky, above the rows. */
  toolbar: ReactNode;
  /** Overlays the rows below the sticky header: announces new items at the top. */
  pill?: ReactNode;
  /** Shown if there are no items. */
  empty: ReactNode;
};

const narrow = matchMedia("(max-width: 62em)");
/** The next page is fetched this many rows before the end. */
const prefetchRows = 20;

/** A virtualised list that loads more while scrolling. Tab reaches one row; the arrow keys move to the others. */
export function Feed<T extends { id: number }>({ label, columns, items, row, heights, selected, loadMore, loading, toolbar, pill, empty }: Props<T>) {
  const text = useText(componentsText);
  const list = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const pendingFocus = useRef<number>();
  const [top, setTop] = useState(0);
  const [active, setActive] = useState(0);
  const heightOfRow = () => (narrow.matches ? heights.narrow : heights.wide);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- any render may move the list; an equal value ends the chain
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0));
  const rows = useWindowVirtualizer({ count: items.length, estimateSize: heightOfRow, overscan: 8, scrollMargin: top, getItemKey: (index) => items[index]?.id ?? index });
  useEffect(() => {
    const onResize = () => rows.measure();
    narrow.addEventListener("change", onResize);
    return () => narrow.removeEventListener("change", onResize);
  }, [rows]);

  const shown = rows.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  // Only rendered rows can take the focus. If the active one is not rendered, Tab reaches the first that is.
  const reachable = active >= first && active <= last ? active : first;
  const atEnd = last >= items.length - prefetchRows;
  useEffect(() => {
    if (atEnd && !loading) loadMore?.();
  }, [atEnd, loading, loadMore]);
  useEffect(() => {
    if (pendingFocus.current === undefined) return;
    const control = list.current?.querySelector<HTMLElement>(`[data-index="${pendingFocus.current}"]`);
    if (!control) return;
    pendingFocus.current = undefined;
    control.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const page = Math.max(1, Math.floor(innerHeight / heightOfRow()) - 6);
    const steps: Readonly<Record<string, number>> = { ArrowDown: reachable + 1, ArrowUp: reachable - 1, PageDown: reachable + page, PageUp: reachable - page, Home: 0, End: items.length - 1 };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const target = Math.max(0, Math.min(items.length - 1, next));
    pendingFocus.current = target;
    setActive(target);
    // Keep the row clear of the sticky header.
    const start = top + target * heightOfRow();
    const covered = head.current?.getBoundingClientRect().bottom ?? 0;
    if (start < scrollY + covered) scrollTo({ top: start - covered });
    else if (start + heightOfRow() > scrollY + innerHeight) scrollTo({ top: start + heightOfRow() - innerHeight });
  };

  const style = { "--feed-columns": columns.map((column) => column.width).join(" "), "--feed-wide": `${heights.wide}px`, "--feed-narrow": `${heights.narrow}px` } as CSSProperties;
  return (
    <div className="feed" style={style}>
      <div className="feed-top" ref={head}>
        <div className="feed-toolbar">{toolbar}</div>
        {/* Visual only: the grid has its own header, because a grid may not contain the toolbar's controls. */}
        <div aria-hidden className="feed-row feed-head">
          {columns.map((column) => (
            <div key={column.className} className={column.className}>
              {column.name}
            </div>
          ))}
        </div>
        {pill !== undefined && <div className="pill">{pill}</div>}
      </div>
      <div role="grid" aria-label={label} aria-rowcount={loadMore === undefined ? items.length + 1 : -1}>
        <div role="rowgroup" className="unseen">
          <div role="row" aria-rowindex={1}>
            {columns.map((column) => (
              <span key={column.className} role="columnheader">
                {column.name}
              </span>
            ))}
          </div>
        </div>
        {items.length > 0 && (
          // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys come from the rows, which take the focus
          <div ref={list} role="rowgroup" className="feed-rows" style={{ height: rows.getTotalSize() }} onKeyDown={onKeyDown}>
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

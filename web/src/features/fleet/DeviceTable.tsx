import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

import type { Device } from "@/lib/fleet/fleet";
import { useText } from "@/lib/i18n/LanguageProvider";
import { DeviceRow } from "./DeviceRow";
import { fleetText } from "./text";
import { type Column, type Order, idsBetween } from "./view";

type Props = {
  devices: readonly Device[];
  order: Order;
  setOrder: (order: Order) => void;
  selected: ReadonlySet<string>;
  setSelected: (selected: ReadonlySet<string>) => void;
  /** Sticky, above the rows. */
  toolbar: ReactNode;
  /** Shown if there are no devices. */
  empty: ReactNode;
};

const narrow = matchMedia("(max-width: 48em)");
const heightOfRow = () => (narrow.matches ? 64 : 42);
const sortable: readonly Column[] = ["name", "category", "state", "heard"];

/** The virtualised list of devices. Tab reaches one row; the arrow keys move to the others. */
export function DeviceTable({ devices, order, setOrder, selected, setSelected, toolbar, empty }: Props) {
  const text = useText(fleetText);
  const list = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState(0);
  const lastSelected = useRef(0);
  const pendingFocus = useRef<number | undefined>();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- any render may move the list; an equal value ends the chain
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0));
  const rows = useWindowVirtualizer({
    count: devices.length,
    estimateSize: heightOfRow,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => devices[index]?.id ?? index,
  });
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

  useEffect(() => {
    if (pendingFocus.current === undefined) return;
    const link = list.current?.querySelector<HTMLElement>(`a[data-index="${pendingFocus.current}"]`);
    if (!link) return;
    pendingFocus.current = undefined;
    link.focus({ preventScroll: true });
  });

  const select = useCallback(
    (index: number, range: boolean) => {
      const next = new Set(selected);
      const id = devices[index]?.id ?? "";
      const add = !selected.has(id);
      for (const changedId of range ? idsBetween(devices, lastSelected.current, index) : [id])
        if (add) next.add(changedId);
        else next.delete(changedId);
      lastSelected.current = index;
      setActive(index);
      setSelected(next);
    },
    [devices, selected, setSelected],
  );

  const focusRow = (index: number) => {
    const target = Math.max(0, Math.min(devices.length - 1, index));
    pendingFocus.current = target;
    setActive(target);
    // Keep the row clear of the sticky header.
    const item = { start: top + target * heightOfRow(), end: top + (target + 1) * heightOfRow() };
    const covered = head.current?.getBoundingClientRect().bottom ?? 0;
    if (item.start < scrollY + covered) scrollTo({ top: item.start - covered });
    else if (item.end > scrollY + innerHeight) scrollTo({ top: item.end - innerHeight });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const current = reachable;
    const page = Math.max(1, Math.floor(innerHeight / heightOfRow()) - 6);
    const steps: Readonly<Record<string, number>> = { ArrowDown: current + 1, ArrowUp: current - 1, PageDown: current + page, PageUp: current - page, Home: 0, End: devices.length - 1 };
    const next = steps[event.key];
    if (next !== undefined) focusRow(next);
    else if (event.key === " " && event.target instanceof HTMLAnchorElement) select(current, event.shiftKey);
    else return;
    event.preventDefault();
  };

  const allSelected = devices.length > 0 && devices.every((device) => selected.has(device.id));
  const headers: readonly (Column | "values")[] = [...sortable, "values"];
  return (
    <>
      <div className="grid-toolbar">{toolbar}</div>
      <p id="fleet-keys" className="unseen">
        {text.keys}
      </p>
      <div role="grid" aria-label={text.devices} aria-rowcount={devices.length + 1} aria-multiselectable className="grid" aria-describedby="fleet-keys">
        <div className="grid-head" ref={head} role="rowgroup">
          <div className="row head" role="row" aria-rowindex={1}>
            <div role="columnheader" className="cell-select">
              <input
                type="checkbox"
                aria-label={text.selectAll}
                checked={allSelected}
                ref={(box) => {
                  if (box) box.indeterminate = !allSelected && selected.size > 0;
                }}
                onChange={() => setSelected(allSelected ? new Set() : new Set(devices.map((device) => device.id)))}
              />
            </div>
            {headers.map((column) => (
              <div key={column} role="columnheader" className={`cell-${column}`} {...(column !== "values" && order.by === column ? { "aria-sort": order.descending ? "descending" : "ascending" } : {})}>
                {column === "values" ? (
                  text.columns.values
                ) : (
                  <button type="button" className="sorter" onClick={() => setOrder({ by: column, descending: order.by === column && !order.descending })}>
                    {text.columns[column]}
                    <span aria-hidden>{order.by !== column ? "" : order.descending ? " ↓" : " ↑"}</span>
                  </button>
                )}
              </div>
            ))}
          </div>
        </div>
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys come from the rows, which take the focus */}
        <div ref={list} role="rowgroup" className="grid-rows" style={{ height: rows.getTotalSize() }} onKeyDown={onKeyDown}>
          {shown.map(({ index, start, key }) => {
            const device = devices[index];
            if (device === undefined) return null;
            return (
              <div key={key} className="row" role="row" aria-rowindex={index + 2} aria-selected={selected.has(device.id)} onFocus={() => setActive(index)} style={{ transform: `translateY(${start - top}px)` }}>
                <DeviceRow id={device.id} index={index} selected={selected.has(device.id)} reachable={index === reachable} select={select} />
              </div>
            );
          })}
        </div>
      </div>
      {devices.length === 0 && empty}
    </>
  );
}

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

import type { Device } from "../../lib/fleet/fleet";
import { useText } from "../../lib/i18n/LanguageProvider";
import { DeviceRow } from "./DeviceRow";
import { fleetText } from "./text";
import { type Column, type Order, between } from "./view";

type Asked = {
  devices: readonly Device[];
  order: Order;
  setOrder: (order: Order) => void;
  selected: ReadonlySet<string>;
  setSelected: (selected: ReadonlySet<string>) => void;
  /** Stays in sight above the rows. */
  toolbar: ReactNode;
  /** In place of rows, where there are none. */
  empty: ReactNode;
};

const narrow = matchMedia("(max-width: 48em)");
const heightOfRow = () => (narrow.matches ? 64 : 42);
const sortable: readonly Column[] = ["name", "category", "state", "heard"];

/** The list of devices: of thousands, the rows in sight are there. Tab comes to one row; arrow keys go to the others. */
export function DeviceTable({ devices, order, setOrder, selected, setSelected, toolbar, empty }: Asked) {
  const text = useText(fleetText);
  const list = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState(0);
  const lastSelected = useRef(0);
  const wanted = useRef<number | undefined>();
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0));
  const rows = useWindowVirtualizer({
    count: devices.length,
    estimateSize: heightOfRow,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => devices[index]?.id ?? index,
  });
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

  useEffect(() => {
    if (wanted.current === undefined) return;
    const link = list.current?.querySelector<HTMLElement>(`a[data-index="${wanted.current}"]`);
    if (!link) return;
    wanted.current = undefined;
    link.focus({ preventScroll: true });
  });

  const select = useCallback(
    (index: number, range: boolean) => {
      const next = new Set(selected);
      const id = devices[index]?.id ?? "";
      const add = !selected.has(id);
      for (const each of range ? between(devices, lastSelected.current, index) : [id])
        if (add) next.add(each);
        else next.delete(each);
      lastSelected.current = index;
      setActive(index);
      setSelected(next);
    },
    [devices, selected, setSelected],
  );

  const go = (index: number) => {
    const there = Math.max(0, Math.min(devices.length - 1, index));
    wanted.current = there;
    setActive(there);
    // Below what stays in sight above the rows.
    const item = { start: top + there * heightOfRow(), end: top + (there + 1) * heightOfRow() };
    const covered = head.current?.getBoundingClientRect().bottom ?? 0;
    if (item.start < scrollY + covered) scrollTo({ top: item.start - covered });
    else if (item.end > scrollY + innerHeight) scrollTo({ top: item.end - innerHeight });
  };
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    const from = reachable;
    const page = Math.max(1, Math.floor(innerHeight / heightOfRow()) - 6);
    const steps: Readonly<Record<string, number>> = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: from + page, PageUp: from - page, Home: 0, End: devices.length - 1 };
    const next = steps[event.key];
    if (next !== undefined) go(next);
    else if (event.key === " " && event.target instanceof HTMLAnchorElement) select(from, event.shiftKey);
    else return;
    event.preventDefault();
  };

  const all = devices.length > 0 && devices.every((each) => selected.has(each.id));
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
                checked={all}
                ref={(box) => {
                  if (box) box.indeterminate = !all && selected.size > 0;
                }}
                onChange={() => setSelected(all ? new Set() : new Set(devices.map((each) => each.id)))}
              />
            </div>
            {headers.map((column) => (
              <div key={column} role="columnheader" className={`cell-${column}`} {...(column !== "values" && order.by === column ? { "aria-sort": order.down ? "descending" : "ascending" } : {})}>
                {column === "values" ? (
                  text.columns.values
                ) : (
                  <button type="button" className="sorter" onClick={() => setOrder({ by: column, down: order.by === column && !order.down })}>
                    {text.columns[column]}
                    <span aria-hidden>{order.by !== column ? "" : order.down ? " ↓" : " ↑"}</span>
                  </button>
                )}
              </div>
            ))}
          </div>
        </div>
        <div ref={list} role="rowgroup" className="grid-rows" style={{ height: rows.getTotalSize() }} onKeyDown={keys}>
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

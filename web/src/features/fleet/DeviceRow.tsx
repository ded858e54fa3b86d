import { memo } from "react";
import { Link } from "wouter";

import { SimulatedBadge } from "@/components/Simulated";
import { Time } from "@/components/Time";
import { useCategoryName, useDevice, useHealth } from "@/lib/fleet/FleetProvider";
import { fleetWords } from "@/lib/fleet/text";
import { labelsOf, textOf, mainFields } from "@/lib/fleet/values";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { fleetText } from "./text";

type Props = {
  id: string;
  /** Position in the list, from 0. */
  index: number;
  selected: boolean;
  /** Whether Tab reaches this row. True for exactly one row. */
  reachable: boolean;
  select: (index: number, range: boolean) => void;
};

/** One device, live. It renders again when the device changes; the list doesn't have to. */
export const DeviceRow = memo(function DeviceRow({ id, index, selected, reachable, select }: Props) {
  const text = useText(fleetText);
  const words = useText(fleetWords);
  const formats = useFormats();
  const categoryName = useCategoryName();
  const device = useDevice(id);
  const state = useHealth(device);
  if (device === undefined || state === undefined) return null;
  const shown = mainFields(device.fields, 5);
  const labels = labelsOf(
    shown.map(([field]) => field),
    words,
  );
  const tabIndex = reachable ? 0 : -1;
  return (
    <>
      <div role="gridcell" className="cell-select">
        <input
          type="checkbox"
          aria-label={text.select(device.name)}
          checked={selected}
          tabIndex={tabIndex}
          onClick={(event) => select(index, event.shiftKey)}
          onChange={() => undefined /* onClick has the Shift key */}
        />
      </div>
      <div role="rowheader" className="cell-name">
        <Link href={`/devices/${id}`} tabIndex={tabIndex} data-index={index} title={id}>
          {device.name}
        </Link>
        {device.simulated && <SimulatedBadge />}
      </div>
      <div role="gridcell" className="cell-category">
        {categoryName(device.category)}
      </div>
      <div role="gridcell" className="cell-state" data-health={state.health}>
        <span className="mark" data-health={state.health} aria-hidden />
        {state.label}
      </div>
      <div role="gridcell" className="cell-heard">
        <Time at={device.lastReadingAt} relative />
      </div>
      <div role="gridcell" className="cell-values">
        {shown.map(([field, value], n) => (
          <span key={field} title={`${field}: ${value}`}>
            {n > 0 && " · "}
            {labels.get(field)} <b>{textOf(field, value, words, formats)}</b>
          </span>
        ))}
      </div>
    </>
  );
});

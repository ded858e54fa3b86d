import { type ComboboxItem, Select } from "@mantine/core";
import { useMemo } from "react";

import { useFleet, useFleetShape } from "../lib/fleet/FleetProvider";
import { useText } from "../lib/i18n/LanguageProvider";
import { hasText, natural } from "../lib/search";
import { componentsText } from "./text";

type Asked = {
  /** Stands above it; or is its name alone, where `hidden`. */
  label: string;
  hidden?: boolean;
  value: string | null;
  set: (id: string | null) => void;
  error?: string | undefined;
};

/** One of the devices, found by its name. Of those that fit the first are offered: typing more finds the others. */
export function DevicePicker({ label, hidden = false, value, set, error }: Asked) {
  const text = useText(componentsText);
  const { store } = useFleet();
  const shape = useFleetShape();
  const data = useMemo(() => {
    const known = store.all().map(({ id, name }) => ({ value: id, label: name }));
    known.sort((a, b) => natural.compare(a.label, b.label));
    // One that is gone is still what was chosen.
    return value !== null && store.get(value) === undefined ? [{ value, label: value }, ...known] : known;
  }, [store, shape, value]);
  return (
    <Select
      {...(hidden ? { "aria-label": label, placeholder: label } : { label })}
      data={data}
      value={value}
      onChange={set}
      searchable
      filter={({ options, search, limit }) => (options as ComboboxItem[]).filter((each) => hasText(each.label, search)).slice(0, limit)}
      clearable
      clearButtonProps={{ "aria-label": text.clear, tabIndex: 0 }}
      limit={50}
      nothingFoundMessage={text.nothingFound}
      error={error}
    />
  );
}

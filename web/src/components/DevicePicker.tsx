import { type ComboboxItem, Select } from "@mantine/core";
import { type ReactNode, useMemo } from "react";

import { useFleet, useFleetShape } from "@/lib/fleet/FleetProvider";
import { useText } from "@/lib/i18n/LanguageProvider";
import { hasText, natural } from "@/lib/search";
import { componentsText } from "./text";

type Props = {
  /** Visible label; with `hidden`, only the accessible name. */
  label: string;
  hidden?: boolean;
  value: string | null;
  set: (id: string | null) => void;
  error?: ReactNode;
};

/** Selects one device by name. Offers the first matches only; typing more narrows them. */
export function DevicePicker({ label, hidden = false, value, set, error }: Props) {
  const text = useText(componentsText);
  const { store } = useFleet();
  const shape = useFleetShape();
  const data = useMemo(() => {
    const options = store.all().map(({ id, name }) => ({ value: id, label: name }));
    options.sort((a, b) => natural.compare(a.label, b.label));
    // A deleted device stays selectable while it is the current value.
    return value !== null && store.get(value) === undefined ? [{ value, label: value }, ...options] : options;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `shape` changes when the devices of the store do
  }, [store, shape, value]);
  return (
    <Select
      {...(hidden ? { "aria-label": label, placeholder: label } : { label })}
      data={data}
      value={value}
      onChange={set}
      searchable
      filter={({ options, search, limit }) => (options as ComboboxItem[]).filter((option) => hasText(option.label, search)).slice(0, limit)}
      clearable
      clearButtonProps={{ "aria-label": text.clear, tabIndex: 0 }}
      limit={50}
      nothingFoundMessage={text.nothingFound}
      error={error}
    />
  );
}

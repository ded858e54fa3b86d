import { Button, Collapse, Group } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useState } from "react";

import { useText } from "@/lib/i18n/LanguageProvider";
import { componentsText } from "./text";

type Props = {
  /** Number of active filters. */
  count: number;
  clear: () => void;
  /** Stays visible in a narrow window. */
  always?: ReactNode;
  fields: ReactNode;
  /** Further content of the same row. */
  children: ReactNode;
};

/** The filters of a list. Collapsed in a narrow window. */
export function Filters({ count, clear, always, fields, children }: Props) {
  const text = useText(componentsText);
  const narrow = useMediaQuery("(max-width: 62em)", undefined, { getInitialValueInEffect: false });
  const [open, setOpen] = useState(false);
  const filters = (
    <div className="filters" role="search" aria-label={text.filters}>
      {!narrow && always}
      {fields}
      {count > 0 && (
        <Button variant="subtle" onClick={clear}>
          {text.clearFilters}
        </Button>
      )}
    </div>
  );
  if (!narrow)
    return (
      <Group gap="sm" justify="space-between" wrap="nowrap">
        {filters}
        {children}
      </Group>
    );
  return (
    <>
      <Group gap="sm">
        {always}
        <Button variant="default" size="xs" aria-expanded={open} onClick={() => setOpen(!open)}>
          {count === 0 ? text.filters : text.filtersSet(count)}
        </Button>
        {children}
      </Group>
      <Collapse in={open}>{open && filters}</Collapse>
    </>
  );
}

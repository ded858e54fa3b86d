import { Button, Collapse, Group } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useState } from "react";

import { useText } from "../lib/i18n/LanguageProvider";
import { componentsText } from "./text";

type Asked = {
  /** How many of them are set. */
  count: number;
  clear: () => void;
  /** What is seen in a narrow window, too. */
  always?: ReactNode;
  fields: ReactNode;
  /** What else stands there. */
  children: ReactNode;
};

/** What of a list to show. In a narrow window it is folded away. */
export function Filters({ count, clear, always, fields, children }: Asked) {
  const text = useText(componentsText);
  const narrow = useMediaQuery("(max-width: 62em)", undefined, { getInitialValueInEffect: false });
  const [open, setOpen] = useState(false);
  const all = (
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
        {all}
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
      <Collapse in={open}>{open && all}</Collapse>
    </>
  );
}

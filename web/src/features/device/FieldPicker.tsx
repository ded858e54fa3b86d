import { Button, Checkbox, Group, Popover, ScrollArea, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { matchingFields, maxFields } from "./fields";
import { deviceText } from "./text";

const maxListed = 100;

/** Selects which fields are shown. */
export function FieldPicker({ all, labels, shown, choose }: { all: readonly string[]; labels: ReadonlyMap<string, string>; shown: readonly string[]; choose: (fields: readonly string[]) => void }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const [searchText, setSearchText] = useState("");
  const shownSet = new Set(shown);
  const matching = matchingFields(all, searchText, labels);
  const isFull = shown.length >= maxFields;
  const toggle = (field: string) => choose(shownSet.has(field) ? shown.filter((other) => other !== field) : [...shown, field]);
  return (
    <Popover opened={open} onChange={setOpen} trapFocus shadow="md" position="bottom-start">
      <Popover.Target>
        <Button size="xs" variant="default" onClick={() => setOpen(!open)}>
          {text.fields(formats.number(shown.length), formats.number(all.length))}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={text.findField} maw="min(26rem, 95vw)">
        <Stack gap="xs">
          <TextInput type="search" aria-label={text.findField} placeholder={text.findField} value={searchText} onChange={(event) => setSearchText(event.currentTarget.value)} />
          <ScrollArea.Autosize mah="50dvh" type="auto">
            <Stack gap={6} role="group" aria-label={text.fields(formats.number(shown.length), formats.number(all.length))}>
              {matching.slice(0, maxListed).map((field) => (
                <Checkbox key={field} size="sm" className="field-choice" label={labels.get(field)} title={field} checked={shownSet.has(field)} disabled={isFull && !shownSet.has(field)} onChange={() => toggle(field)} />
              ))}
              {matching.length > maxListed && (
                <Text size="sm" c="dimmed">
                  {text.moreFields(matching.length - maxListed)}
                </Text>
              )}
            </Stack>
          </ScrollArea.Autosize>
          <Group justify="space-between">
            <Button size="compact-sm" variant="default" onClick={() => choose([])}>
              {text.usualFields}
            </Button>
            {isFull && (
              <Text size="xs" c="dimmed">
                {text.fullOfFields(formats.number(maxFields))}
              </Text>
            )}
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

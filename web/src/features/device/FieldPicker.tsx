import { Button, Checkbox, Group, Popover, ScrollArea, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { found, most } from "./fields";
import { deviceText } from "./text";

const listed = 100;

/** Which of many fields are shown. */
export function FieldPicker({ all, labels, shown, choose }: { all: readonly string[]; labels: ReadonlyMap<string, string>; shown: readonly string[]; choose: (fields: readonly string[]) => void }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState("");
  const chosen = new Set(shown);
  const matching = found(all, wanted, labels);
  const full = shown.length >= most;
  const toggle = (field: string) => choose(chosen.has(field) ? shown.filter((each) => each !== field) : [...shown, field]);
  return (
    <Popover opened={open} onChange={setOpen} trapFocus shadow="md" position="bottom-start">
      <Popover.Target>
        <Button size="xs" variant="default" onClick={() => setOpen(!open)}>
          {text.fields(formats.number(shown.length), formats.number(all.length))}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={text.findField} maw="min(26rem, 95vw)">
        <Stack gap="xs">
          <TextInput type="search" aria-label={text.findField} placeholder={text.findField} value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} />
          <ScrollArea.Autosize mah="50dvh" type="auto">
            <Stack gap={6} role="group" aria-label={text.fields(formats.number(shown.length), formats.number(all.length))}>
              {matching.slice(0, listed).map((field) => (
                <Checkbox key={field} size="sm" className="field-choice" label={labels.get(field)} title={field} checked={chosen.has(field)} disabled={full && !chosen.has(field)} onChange={() => toggle(field)} />
              ))}
              {matching.length > listed && (
                <Text size="sm" c="dimmed">
                  {text.moreFields(matching.length - listed)}
                </Text>
              )}
            </Stack>
          </ScrollArea.Autosize>
          <Group justify="space-between">
            <Button size="compact-sm" variant="default" onClick={() => choose([])}>
              {text.usualFields}
            </Button>
            {full && (
              <Text size="xs" c="dimmed">
                {text.fullOfFields(formats.number(most))}
              </Text>
            )}
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

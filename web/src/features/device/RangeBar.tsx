import { ActionIcon, Button, Group, Popover, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

import { useRequestForm } from "@/components/form";
import { BackIcon, ForwardIcon } from "@/components/icons";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { type Length, type Range, lengths, localInput, shifted, windowOf } from "@/lib/device/range";
import { deviceText } from "./text";

function CustomRange({ range, setRange }: { range: Range; setRange: (range: Range) => void }) {
  const text = useText(deviceText);
  const [open, setOpen] = useState(false);
  const form = useRequestForm({
    initialValues: { from: "", to: "" },
    problemsOf: ({ from, to }) => ({ from: new Date(from).getTime() < new Date(to).getTime() ? null : text.fromBeforeTo }),
  });
  const toggle = () => {
    const { since, until } = windowOf(range, Date.now());
    form.setValues({ from: localInput(since), to: localInput(until) });
    form.clearErrors();
    setOpen(!open);
  };
  const submit = form.onSubmit(({ from, to }) => {
    setRange({ kind: "fixed", since: new Date(from).getTime(), until: new Date(to).getTime() });
    setOpen(false);
  });
  return (
    <Popover opened={open} onChange={setOpen} trapFocus shadow="md">
      <Popover.Target>
        <Button size="xs" variant="default" onClick={toggle}>
          {text.custom}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={text.custom}>
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput type="datetime-local" label={text.from} required withAsterisk={false} {...form.getInputProps("from")} />
            <TextInput type="datetime-local" label={text.to} required withAsterisk={false} {...form.getInputProps("to")} />
            <Button type="submit">{text.show}</Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Selects the time range. */
export function RangeBar({ range, setRange }: { range: Range; setRange: (range: Range) => void }) {
  const text = useText(deviceText);
  const choices = (Object.keys(lengths) as Length[]).map((value) => ({ value, label: text.lengths[value] }));
  return (
    <Group gap="xs" role="group" aria-label={text.range}>
      <SegmentedControl className="ranges" size="xs" aria-label={text.range} data={choices} value={range.kind === "last" ? range.length : ""} onChange={(length) => setRange({ kind: "last", length: length as Length })} />
      <CustomRange range={range} setRange={setRange} />
      <ActionIcon variant="default" size={30} aria-label={text.earlier} onClick={() => setRange(shifted(range, Date.now(), -1))}>
        <BackIcon size={16} />
      </ActionIcon>
      <ActionIcon variant="default" size={30} aria-label={text.later} disabled={range.kind === "last"} onClick={() => setRange(shifted(range, Date.now(), 1))}>
        <ForwardIcon size={16} />
      </ActionIcon>
    </Group>
  );
}

/** Shows the bounds of a fixed range, otherwise `hint`. `back` undoes the last zoom. */
export function RangeText({ range, back, hint }: { range: Range; back: (() => void) | undefined; hint: string }) {
  const text = useText(deviceText);
  const formats = useFormats();
  return (
    <Group gap="xs" mih={30}>
      <Text size="sm" c={range.kind === "fixed" ? "inherit" : "dimmed"} role="status">
        {range.kind === "fixed" ? `${formats.shortTime(range.since)} – ${formats.shortTime(range.until)}` : hint}
      </Text>
      {back !== undefined && (
        <Button size="compact-sm" variant="default" onClick={back}>
          {text.zoomOut}
        </Button>
      )}
    </Group>
  );
}

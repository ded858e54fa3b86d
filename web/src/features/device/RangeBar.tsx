import { ActionIcon, Button, Group, Popover, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";

import { BackIcon, ForwardIcon } from "../../components/icons";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { type Length, type Range, lengths, localInput, shifted, windowOf } from "./range";
import { deviceText } from "./text";

function CustomRange({ range, setRange }: { range: Range; setRange: (range: Range) => void }) {
  const text = useText(deviceText);
  const [open, setOpen] = useState(false);
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [wrong, setWrong] = useState(false);
  const toggle = () => {
    const { since, until } = windowOf(range, Date.now());
    setFrom(localInput(since));
    setTo(localInput(until));
    setWrong(false);
    setOpen(!open);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const since = new Date(from).getTime();
    const until = new Date(to).getTime();
    if (!(since < until)) return setWrong(true);
    setRange({ kind: "fixed", since, until });
    setOpen(false);
  };
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
            <TextInput type="datetime-local" label={text.from} required withAsterisk={false} value={from} onChange={(event) => setFrom(event.currentTarget.value)} error={wrong && text.fromBeforeTo} />
            <TextInput type="datetime-local" label={text.to} required withAsterisk={false} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
            <Button type="submit">{text.show}</Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Which time is looked at. */
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

/** From when to when that is, and with `back` the way out of a zoom. */
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

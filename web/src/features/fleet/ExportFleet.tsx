import { Button, Checkbox, Group, Loader, Modal, Radio, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import { Failure } from "@/components/Failure";
import { useRequestForm } from "@/components/form";
import { componentsText } from "@/components/text";
import { useToast } from "@/components/Toasts";
import { useFleetCsv } from "@/lib/fleet/useDevices";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { useReturnFocus } from "@/lib/return-focus";
import { save } from "@/lib/save";
import { useTask } from "@/lib/useTask";
import { fleetText } from "./text";

const days = { day: 1, week: 7, month: 30, all: undefined } as const;
type Length = keyof typeof days;

/** Exports every reading of the own fleet as CSV, streamed. Closing the dialog stops the export. */
export function ExportFleet({ close }: { close: () => void }) {
  useReturnFocus();
  const text = useText(fleetText).exporting;
  const general = useText(componentsText);
  const formats = useFormats();
  const fleetCsv = useFleetCsv();
  const toast = useToast();
  const form = useRequestForm<{ length: Length; simulated: boolean }>({ initialValues: { length: "day", simulated: false } });
  const [bytes, setBytes] = useState(0);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const saving = useTask(async () => {
    stop.current = new AbortController();
    setBytes(0);
    const { length, simulated } = form.values;
    const now = Date.now();
    const since = days[length] === undefined ? undefined : new Date(now - days[length] * 86_400_000).toISOString();
    const until = new Date(now).toISOString();
    const savedBytes = await save(`fleet_${length}_${until.slice(0, 16).replace(/[-:]/g, "")}Z.csv`, () => fleetCsv({ since, until, include_simulated: simulated }, stop.current.signal), setBytes).catch((failure: unknown) => {
      if (!stop.current.signal.aborted) throw failure;
      return undefined;
    });
    if (savedBytes === undefined) return;
    toast(text.saved(formats.bytes(savedBytes)));
    close();
  });
  return (
    <Modal opened onClose={close} title={text.title} centered closeOnClickOutside={false} closeButtonProps={{ "aria-label": general.close }}>
      <Stack>
        <Text size="sm">{text.explained}</Text>
        <Radio.Group label={text.time} {...form.getInputProps("length")}>
          <Stack gap={6} mt={6}>
            {(Object.keys(days) as Length[]).map((option) => (
              <Radio key={option} value={option} label={text.lengths[option]} disabled={saving.isPending} />
            ))}
          </Stack>
        </Radio.Group>
        <Checkbox label={text.simulated} disabled={saving.isPending} {...form.getInputProps("simulated", { type: "checkbox" })} />
        <Failure failure={saving.error} />
        <Group justify="space-between">
          <Group gap="xs" role="status">
            {saving.isPending && (
              <>
                <Loader size="xs" />
                <Text size="sm">{text.bytes(formats.bytes(bytes))}</Text>
              </>
            )}
          </Group>
          {saving.isPending ? (
            <Button variant="default" onClick={() => stop.current.abort()}>
              {text.stop}
            </Button>
          ) : (
            <Group>
              <Button variant="default" onClick={close}>
                {general.cancel}
              </Button>
              <Button onClick={() => saving.mutate()}>{text.save}</Button>
            </Group>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

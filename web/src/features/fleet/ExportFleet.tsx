import { Button, Checkbox, Group, Loader, Modal, Radio, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { Failure } from "../../components/Failure";
import { componentsText } from "../../components/text";
import { useToast } from "../../components/Toasts";
import { queryOf } from "../../lib/api";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { useReturnFocus } from "../../lib/return-focus";
import { save } from "../../lib/save";
import { useSession } from "../../lib/SessionProvider";
import { fleetText } from "./text";

const days = { day: 1, week: 7, month: 30, all: undefined } as const;
type Length = keyof typeof days;

/** Saves every reading of one's fleet, as it comes. Closing it stops. */
export function ExportFleet({ close }: { close: () => void }) {
  useReturnFocus();
  const text = useText(fleetText).exporting;
  const general = useText(componentsText);
  const formats = useFormats();
  const session = useSession();
  const toast = useToast();
  const [length, setLength] = useState<Length>("day");
  const [simulated, setSimulated] = useState(false);
  const [bytes, setBytes] = useState(0);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const saving = useMutation({
    mutationFn: async () => {
      stop.current = new AbortController();
      setBytes(0);
      const now = Date.now();
      const since = days[length] === undefined ? undefined : new Date(now - days[length] * 86_400_000).toISOString();
      const until = new Date(now).toISOString();
      const query = queryOf({ since, until, include_simulated: simulated });
      const saved = await save(`fleet_${length}_${until.slice(0, 16).replace(/[-:]/g, "")}Z.csv`, () => session.request("GET", `/readings.csv${query}`, undefined, stop.current.signal), setBytes).catch((failure: unknown) => {
        if (!stop.current.signal.aborted) throw failure;
        return undefined;
      });
      if (saved === undefined) return;
      toast(text.saved(formats.bytes(saved)));
      close();
    },
  });
  return (
    <Modal opened onClose={close} title={text.title} centered closeOnClickOutside={false} closeButtonProps={{ "aria-label": general.close }}>
      <Stack>
        <Text size="sm">{text.explained}</Text>
        <Radio.Group label={text.time} value={length} onChange={(value) => setLength(value as Length)}>
          <Stack gap={6} mt={6}>
            {(Object.keys(days) as Length[]).map((each) => (
              <Radio key={each} value={each} label={text.lengths[each]} disabled={saving.isPending} />
            ))}
          </Stack>
        </Radio.Group>
        <Checkbox label={text.simulated} checked={simulated} disabled={saving.isPending} onChange={(event) => setSimulated(event.currentTarget.checked)} />
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

import { Alert, Button, Group, List, Modal, Progress, Stack, Text } from "@mantine/core";
import { useRef, useState } from "react";

import { ConfirmDialog } from "@/components/ConfirmDialog";
import { adviceOn } from "@/components/failures";
import { componentsText } from "@/components/text";
import { useToast } from "@/components/Toasts";
import type { Device } from "@/lib/fleet/fleet";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { type Outcome, forEach } from "@/lib/bulk";
import { type DeviceAction, useDeviceAction } from "@/lib/fleet/useDevices";
import { fleetText } from "./text";

type Props = { action: DeviceAction; devices: readonly Device[]; close: () => void; finished: () => void };
const maxListed = 8;

/** Asks for confirmation, performs the action on each device and lists the failures. */
export function BulkDialog({ action, devices, close, finished }: Props) {
  const text = useText(fleetText);
  const general = useText(componentsText);
  const formats = useFormats();
  const perform = useDeviceAction();
  const toast = useToast();
  const words = text.bulk[action];
  const [targets, setTargets] = useState(devices);
  const [outcome, setOutcome] = useState<Outcome<Device>>();
  const [running, setRunning] = useState(false);
  const stop = useRef(new AbortController());

  const run = async (selection: readonly Device[]) => {
    stop.current = new AbortController();
    setTargets(selection);
    setOutcome({ done: 0, failed: [] });
    setRunning(true);
    const result = await forEach(selection, (device) => perform.mutateAsync({ action, id: device.id }), setOutcome, stop.current.signal);
    setRunning(false);
    finished();
    if (result.done < selection.length) return;
    toast(words.done(result.done));
    close();
  };

  if (outcome === undefined)
    return (
      <ConfirmDialog title={words.title(devices.length)} action={words.action} danger={action !== "reactivate"} {...(action === "delete" ? { typed: String(devices.length) } : {})} run={() => Promise.resolve(void run(devices))} finished={() => undefined} close={close}>
        <Text>{words.explained}</Text>
        <List size="sm" mt="xs">
          {devices.slice(0, maxListed).map((device) => (
            <List.Item key={device.id}>{device.name}</List.Item>
          ))}
          {devices.length > maxListed && <List.Item>{text.more(devices.length - maxListed)}</List.Item>}
        </List>
      </ConfirmDialog>
    );
  const attempted = outcome.done + outcome.failed.length;
  return (
    <Modal opened onClose={() => (running ? stop.current.abort() : close())} title={words.action} centered closeOnClickOutside={false} closeButtonProps={{ "aria-label": running ? text.stop : general.close }}>
      <Stack>
        <Progress value={(100 * attempted) / targets.length} aria-label={words.action} animated={running} />
        <Text role="status">{text.progress(formats.number(attempted), formats.number(targets.length))}</Text>
        {outcome.failed.length > 0 && (
          <Alert color="red" title={text.someFailed(outcome.failed.length)}>
            <List size="sm">
              {outcome.failed.slice(0, maxListed).map(({ item, failure }) => (
                <List.Item key={item.id}>
                  {item.name}: {adviceOn(failure, general)}
                </List.Item>
              ))}
              {outcome.failed.length > maxListed && <List.Item>{text.more(outcome.failed.length - maxListed)}</List.Item>}
            </List>
          </Alert>
        )}
        {!running && attempted < targets.length && <Text size="sm">{text.notTried(targets.length - attempted)}</Text>}
        <Group justify="end">
          {running ? (
            <Button variant="default" onClick={() => stop.current.abort()}>
              {text.stop}
            </Button>
          ) : (
            <>
              <Button variant="default" onClick={close}>
                {general.close}
              </Button>
              {outcome.failed.length > 0 && <Button onClick={() => void run(outcome.failed.map((entry) => entry.item))}>{text.retry}</Button>}
            </>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

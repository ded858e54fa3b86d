import { Alert, Button, Group, List, Modal, Progress, Stack, Text } from "@mantine/core";
import { useRef, useState } from "react";

import { ConfirmDialog } from "../../components/ConfirmDialog";
import { adviceOn } from "../../components/failures";
import { componentsText } from "../../components/text";
import { useToast } from "../../components/Toasts";
import { type DeviceAction, perform } from "../../lib/fleet/actions";
import type { Device } from "../../lib/fleet/fleet";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
import { type Outcome, forEach } from "./bulk";
import { fleetText } from "./text";

type Asked = { action: DeviceAction; devices: readonly Device[]; close: () => void; finished: () => void };
const listed = 8;

/** Asks, does it to each device, and says what became of it: nothing fails in silence. */
export function BulkDialog({ action, devices, close, finished }: Asked) {
  const text = useText(fleetText);
  const general = useText(componentsText);
  const formats = useFormats();
  const session = useSession();
  const toast = useToast();
  const words = text.bulk[action];
  const [trying, setTrying] = useState(devices);
  const [outcome, setOutcome] = useState<Outcome<Device>>();
  const [running, setRunning] = useState(false);
  const stop = useRef(new AbortController());

  const run = async (those: readonly Device[]) => {
    stop.current = new AbortController();
    setTrying(those);
    setOutcome({ done: 0, failed: [] });
    setRunning(true);
    const end = await forEach(those, (each) => perform(session, action, each.id), setOutcome, stop.current.signal);
    setRunning(false);
    finished();
    if (end.done < those.length) return;
    toast(words.done(end.done));
    close();
  };

  if (outcome === undefined)
    return (
      <ConfirmDialog title={words.title(devices.length)} action={words.action} danger={action !== "reactivate"} {...(action === "delete" ? { typed: String(devices.length) } : {})} run={() => Promise.resolve(void run(devices))} finished={() => undefined} close={close}>
        <Text>{words.explained}</Text>
        <List size="sm" mt="xs">
          {devices.slice(0, listed).map((each) => (
            <List.Item key={each.id}>{each.name}</List.Item>
          ))}
          {devices.length > listed && <List.Item>{text.more(devices.length - listed)}</List.Item>}
        </List>
      </ConfirmDialog>
    );
  const tried = outcome.done + outcome.failed.length;
  return (
    <Modal opened onClose={() => (running ? stop.current.abort() : close())} title={words.action} centered closeOnClickOutside={false} closeButtonProps={{ "aria-label": running ? text.stop : general.close }}>
      <Stack>
        <Progress value={(100 * tried) / trying.length} aria-label={words.action} animated={running} />
        <Text role="status">{text.progress(formats.number(tried), formats.number(trying.length))}</Text>
        {outcome.failed.length > 0 && (
          <Alert color="red" title={text.someFailed(outcome.failed.length)}>
            <List size="sm">
              {outcome.failed.slice(0, listed).map(({ item, failure }) => (
                <List.Item key={item.id}>
                  {item.name}: {adviceOn(failure, general)}
                </List.Item>
              ))}
              {outcome.failed.length > listed && <List.Item>{text.more(outcome.failed.length - listed)}</List.Item>}
            </List>
          </Alert>
        )}
        {!running && tried < trying.length && <Text size="sm">{text.notTried(trying.length - tried)}</Text>}
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
              {outcome.failed.length > 0 && <Button onClick={() => void run(outcome.failed.map((each) => each.item))}>{text.retry}</Button>}
            </>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

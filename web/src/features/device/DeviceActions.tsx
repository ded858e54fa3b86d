import { Button, Group, Menu, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";

import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Failure } from "../../components/Failure";
import { SecretDialog } from "../../components/SecretDialog";
import { componentsText } from "../../components/text";
import { useToast } from "../../components/Toasts";
import type { Schemas } from "../../lib/api";
import { type DeviceAction, perform } from "../../lib/fleet/actions";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
import { deviceText } from "./text";

type Detail = Schemas["DeviceDetail"];

function Rename({ device, close, done }: { device: Detail; close: () => void; done: (name: string) => void }) {
  const text = useText(deviceText);
  const general = useText(componentsText);
  const session = useSession();
  const [name, setName] = useState(device.name);
  const rename = useMutation({
    mutationFn: () => session.call<Detail>("PUT", `/devices/${device.id}`, { name: name.trim() } satisfies Schemas["UpdateDeviceRequest"]),
    onSuccess: (changed) => done(changed.name),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate();
  };
  return (
    <Modal opened onClose={close} title={text.renameTitle} centered closeButtonProps={{ "aria-label": general.close }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={text.name} required withAsterisk={false} minLength={3} maxLength={100} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <Failure failure={rename.error} />
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {general.cancel}
            </Button>
            <Button type="submit" loading={rename.isPending}>
              {text.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** What can be done with the device. Each says first what follows. */
export function DeviceActions({ device }: { device: Detail }) {
  const text = useText(deviceText);
  const session = useSession();
  const queries = useQueryClient();
  const toast = useToast();
  const [, go] = useLocation();
  const [asked, setAsked] = useState<DeviceAction | "rename" | "rotate">();
  const [credentials, setCredentials] = useState<Schemas["DeviceCredentials"]>();
  const close = () => setAsked(undefined);
  const again = () => queries.invalidateQueries({ queryKey: ["device", device.id] });

  const [reason, setReason] = useState("");
  const run = async (action: DeviceAction) => {
    await perform(session, action, device.id, reason.trim());
    toast(text.perform[action].done(device.name));
    if (action === "delete") go("/");
    else await again();
  };
  const blocked = device.status === "blocked";
  // What another of a higher rank blocked is not ours to release.
  const items: readonly DeviceAction[] = [...(blocked ? (device.may_release === false ? [] : ["reactivate" as const]) : ["deactivate" as const]), "invalidate"];
  return (
    <>
      <Menu position="bottom-end" shadow="md" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button variant="default">{text.actions}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsked("rename")}>{text.rename} …</Menu.Item>
          <Menu.Item onClick={() => setAsked("rotate")}>{text.rotate} …</Menu.Item>
          {items.map((each) => (
            <Menu.Item key={each} onClick={() => setAsked(each)}>
              {text.perform[each].action} …
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item className="danger-text" onClick={() => setAsked("delete")}>
            {text.perform.delete.action} …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === "rename" && (
        <Rename
          device={device}
          close={close}
          done={(name) => {
            close();
            toast(text.renamed(name));
            void again();
          }}
        />
      )}
      {asked === "rotate" && (
        <ConfirmDialog
          title={text.rotateTitle(device.name)}
          action={text.rotate}
          danger
          run={async () => setCredentials(await session.call<Schemas["DeviceCredentials"]>("POST", `/devices/${device.id}/rotate-secret`))}
          close={close}
        >
          <Text>{text.rotateExplained}</Text>
        </ConfirmDialog>
      )}
      {asked !== undefined && asked !== "rename" && asked !== "rotate" && (
        <ConfirmDialog
          key={asked}
          title={text.perform[asked].title(device.name)}
          action={text.perform[asked].action}
          danger={asked !== "reactivate"}
          {...(asked === "delete" ? { typed: device.name } : {})}
          run={() => run(asked)}
          close={close}
        >
          <Text>{text.perform[asked].explained}</Text>
          {asked === "deactivate" && <TextInput mt="sm" label={text.reason} description={text.reasonExplained} maxLength={200} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />}
        </ConfirmDialog>
      )}
      {credentials !== undefined && <SecretDialog title={text.rotated(device.name)} credentials={credentials} close={() => setCredentials(undefined)} />}
    </>
  );
}

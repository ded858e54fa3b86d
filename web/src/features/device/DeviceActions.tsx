import { Button, Menu, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";

import { ConfirmDialog } from "@/components/ConfirmDialog";
import { useRequestForm } from "@/components/form";
import { FormDialog } from "@/components/FormDialog";
import { SecretDialog } from "@/components/SecretDialog";
import { useToast } from "@/components/Toasts";
import type { Schemas } from "@/lib/api";
import { type DeviceDetail, useRenameDevice, useRotateSecret } from "@/lib/device/useDevice";
import { type DeviceAction, useDeviceAction } from "@/lib/fleet/useDevices";
import { useText } from "@/lib/i18n/LanguageProvider";
import { UpdateDeviceRequestBounds } from "@/lib/requests";
import { deviceText } from "./text";

function Rename({ device, close }: { device: DeviceDetail; close: () => void }) {
  const text = useText(deviceText);
  const toast = useToast();
  const rename = useRenameDevice(device.id);
  const form = useRequestForm({ initialValues: { name: device.name } });
  return (
    <FormDialog
      title={text.renameTitle}
      action={text.save}
      form={form}
      run={({ name }) => rename.mutateAsync(name.trim())}
      finished={(changed) => {
        close();
        toast(text.renamed(changed.name));
      }}
      close={close}
    >
      <TextInput label={text.name} required withAsterisk={false} {...UpdateDeviceRequestBounds.name} data-autofocus {...form.getInputProps("name")} />
    </FormDialog>
  );
}

/** The menu of device actions. Each action explains its consequences first. */
export function DeviceActions({ device }: { device: DeviceDetail }) {
  const text = useText(deviceText);
  const perform = useDeviceAction();
  const rotate = useRotateSecret(device.id);
  const toast = useToast();
  const [, navigate] = useLocation();
  const [dialog, setDialog] = useState<DeviceAction | "rename" | "rotate">();
  const [credentials, setCredentials] = useState<Schemas["DeviceCredentials"]>();
  const close = () => setDialog(undefined);
  const form = useRequestForm({ initialValues: { reason: "" } });
  const run = async (action: DeviceAction) => {
    await perform.mutateAsync({ action, id: device.id, reason: form.values.reason.trim() });
    toast(text.perform[action].done(device.name));
    if (action === "delete") navigate("/");
  };
  const blocked = device.status === "blocked";
  // `may_release` is false if somebody with more rights blocked the device.
  const items: readonly DeviceAction[] = [...(blocked ? (device.may_release === false ? [] : ["reactivate" as const]) : ["deactivate" as const]), "invalidate"];
  return (
    <>
      <Menu position="bottom-end" shadow="md" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button variant="default">{text.actions}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog("rename")}>{text.rename} …</Menu.Item>
          <Menu.Item onClick={() => setDialog("rotate")}>{text.rotate} …</Menu.Item>
          {items.map((action) => (
            <Menu.Item key={action} onClick={() => setDialog(action)}>
              {text.perform[action].action} …
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item className="danger-text" onClick={() => setDialog("delete")}>
            {text.perform.delete.action} …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === "rename" && <Rename device={device} close={close} />}
      {dialog === "rotate" && (
        <ConfirmDialog
          title={text.rotateTitle(device.name)}
          action={text.rotate}
          danger
          run={async () => setCredentials(await rotate.mutateAsync())}
          close={close}
        >
          <Text>{text.rotateExplained}</Text>
        </ConfirmDialog>
      )}
      {dialog !== undefined && dialog !== "rename" && dialog !== "rotate" && (
        <ConfirmDialog
          key={dialog}
          title={text.perform[dialog].title(device.name)}
          action={text.perform[dialog].action}
          danger={dialog !== "reactivate"}
          {...(dialog === "delete" ? { typed: device.name } : {})}
          run={() => run(dialog)}
          close={close}
        >
          <Text>{text.perform[dialog].explained}</Text>
          {dialog === "deactivate" && <TextInput mt="sm" label={text.reason} description={text.reasonExplained} {...UpdateDeviceRequestBounds.reason} {...form.getInputProps("reason")} />}
        </ConfirmDialog>
      )}
      {credentials !== undefined && <SecretDialog title={text.rotated(device.name)} credentials={credentials} close={() => setCredentials(undefined)} />}
    </>
  );
}

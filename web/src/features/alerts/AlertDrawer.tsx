import { Alert as Notice, Anchor, Button, Drawer, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";

import { AlertSummary } from "@/components/AlertSummary";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Facts } from "@/components/Facts";
import { Failure } from "@/components/Failure";
import { useRequestForm } from "@/components/form";
import { AlertStateBadge, SeverityBadge } from "@/components/Severity";
import { SimulatedBadge } from "@/components/Simulated";
import { componentsText } from "@/components/text";
import { Time } from "@/components/Time";
import { useToast } from "@/components/Toasts";
import { type AlertAction, canPerform } from "@/lib/alerts/action";
import type { Alert } from "@/lib/alerts/alerts";
import { useRuleName } from "@/lib/alerts/useAlertRules";
import { useDevice } from "@/lib/fleet/FleetProvider";
import { fleetWords } from "@/lib/fleet/text";
import { labelOf } from "@/lib/fleet/values";
import { useText } from "@/lib/i18n/LanguageProvider";
import { useReturnFocus } from "@/lib/return-focus";
import { type Filter, everything } from "@/lib/alerts/filter";
import { useAlertAction } from "@/lib/alerts/useAlerts";
import { useDeviceDetail } from "@/lib/device/useDevice";
import { useDeviceAction } from "@/lib/fleet/useDevices";
import { AlertNoteRequestBounds } from "@/lib/requests";
import { alertsText } from "./text";

type Props = { alert: Alert; onChanged: (alert: Alert) => void; applyFilter: (filter: Filter) => void; close: () => void };

/** The changes of an alert's state, oldest first. */
function Timeline({ alert }: { alert: Alert }) {
  const text = useText(alertsText).details;
  const steps: { title: string; at: string | null; done: boolean }[] = [{ title: alert.late ? text.beganLate : text.raised, at: alert.raised_at, done: true }];
  if (alert.quarantined) steps.push({ title: text.quarantined, at: alert.raised_at, done: true });
  if (alert.last_raised_at !== alert.raised_at) steps.push({ title: text.raisedAgain, at: alert.last_raised_at, done: true });
  if (alert.acknowledged_at !== null) steps.push({ title: text.acknowledgedBy(alert.acknowledged_by ?? text.somebody), at: alert.acknowledged_at, done: true });
  if (alert.resolved_at !== null) steps.push({ title: alert.resolved_by === null ? text.resolvedBySelf : text.resolvedBy(alert.resolved_by), at: alert.resolved_at, done: true });
  else if (alert.acknowledged_at === null) steps.push({ title: text.waiting, at: null, done: false });
  return (
    <ol className="life">
      {steps.map(({ title, at, done }) => (
        <li key={title} data-done={done}>
          {title}
          {at !== null && (
            <Text size="xs" c="dimmed">
              <Time at={at} />
            </Text>
          )}
        </li>
      ))}
    </ol>
  );
}

/** For an alert whose rule blocked the device: explains the quarantine and offers the release. */
function Quarantine({ deviceId, name, confirming, setConfirming }: { deviceId: string; name: string; confirming: boolean; setConfirming: (confirming: boolean) => void }) {
  const text = useText(alertsText).quarantine;
  const perform = useDeviceAction();
  const toast = useToast();
  const device = useDevice(deviceId);
  const blocked = device?.status === "blocked";
  const { data } = useDeviceDetail(deviceId, blocked);
  const mayRelease = data?.may_release === true;
  if (device === undefined) return null;
  if (device.status !== "blocked") return <Text size="sm">{text.released}</Text>;
  const release = async () => {
    await perform.mutateAsync({ action: "reactivate", id: deviceId });
    toast(text.done(name));
  };
  return (
    <Notice color="red" title={text.title}>
      <Stack gap="xs" align="start">
        <Text size="sm">{text.explained}</Text>
        {mayRelease && (
          <Button size="xs" variant="default" onClick={() => setConfirming(true)}>
            {text.release}
          </Button>
        )}
      </Stack>
      {confirming && (
        <ConfirmDialog title={text.ask(name)} action={text.release} run={release} close={() => setConfirming(false)}>
          <Text size="sm">{text.follows}</Text>
        </ConfirmDialog>
      )}
    </Notice>
  );
}

function Actions({ alert, onChanged }: { alert: Alert; onChanged: (alert: Alert) => void }) {
  const text = useText(alertsText);
  const toast = useToast();
  const form = useRequestForm({ initialValues: { note: "" } });
  const mutation = useAlertAction();
  const perform = (action: AlertAction) =>
    mutation.mutate(
      { alert, action, note: form.values.note },
      {
        onSuccess: (changed) => {
          onChanged(changed);
          form.reset();
          toast(action === "acknowledge" ? text.acknowledged : text.resolved);
        },
        onError: form.markRefused,
      },
    );
  if (!canPerform(alert, "resolve")) return null;
  return (
    <Stack gap="xs">
      <TextInput label={text.note} description={text.noteExplained} {...AlertNoteRequestBounds.note} {...form.getInputProps("note")} />
      <Failure failure={mutation.error} />
      <Group gap="xs">
        {canPerform(alert, "acknowledge") && (
          <Button loading={mutation.isPending && mutation.variables.action === "acknowledge"} disabled={mutation.isPending} onClick={() => perform("acknowledge")}>
            {text.acknowledge}
          </Button>
        )}
        <Button variant="default" loading={mutation.isPending && mutation.variables.action === "resolve"} disabled={mutation.isPending} onClick={() => perform("resolve")}>
          {text.resolve}
        </Button>
      </Group>
    </Stack>
  );
}

/** The details of one alert, with its actions. */
export function AlertDrawer({ alert, onChanged, applyFilter, close }: Props) {
  useReturnFocus();
  const text = useText(alertsText);
  const general = useText(componentsText);
  const words = useText(fleetWords);
  const ruleName = useRuleName();
  const [confirming, setConfirming] = useState(false);
  const { device_id, rule_id } = alert;
  const name = alert.device_name ?? text.deviceGone;
  const facts: [string, ReactNode][] = [
    [
      text.details.device,
      device_id === null ? (
        text.server
      ) : alert.device_name === null ? (
        name
      ) : alert.device_deleted ? (
        text.deleted(name)
      ) : (
        <Anchor component={Link} href={`/devices/${device_id}`} size="sm">
          {name}
        </Anchor>
      ),
    ],
    ...(alert.kind === "silence" ? [] : [[text.details.about, alert.kind === "field" ? labelOf(alert.subject, words) : alert.subject] as [string, ReactNode]]),
    ...(alert.count > 1 ? [[text.details.times, text.timesExplained(alert.count)] as [string, ReactNode]] : []),
    ...(alert.note === null || alert.note === "" ? [] : [[text.details.note, alert.note] as [string, ReactNode]]),
  ];
  return (
    <Drawer opened onClose={close} closeOnEscape={!confirming} position="right" title={ruleName(alert.rule_name)} closeButtonProps={{ "aria-label": general.close }}>
      <Stack>
        <Group gap="xs">
          <SeverityBadge severity={alert.severity} />
          <AlertStateBadge state={alert.state} late={alert.late} />
          {alert.simulated && <SimulatedBadge />}
        </Group>
        <Text>
          <AlertSummary alert={alert} />
        </Text>
        {alert.quarantined && device_id !== null && !alert.device_deleted && <Quarantine deviceId={device_id} name={name} confirming={confirming} setConfirming={setConfirming} />}
        <Facts facts={facts} />
        <Actions alert={alert} onChanged={onChanged} />
        <Title order={2} size="h5">
          {text.details.life}
        </Title>
        <Timeline alert={alert} />
        <Group gap="xs">
          {device_id !== null && (
            <Button size="xs" variant="default" onClick={() => applyFilter({ ...everything, device: device_id })}>
              {text.details.byDevice}
            </Button>
          )}
          {rule_id !== null && (
            <Button size="xs" variant="default" onClick={() => applyFilter({ ...everything, rule: rule_id })}>
              {text.details.byRule}
            </Button>
          )}
          <Button size="xs" variant="default" component={Link} href="/rules">
            {text.details.toRules}
          </Button>
        </Group>
      </Stack>
    </Drawer>
  );
}

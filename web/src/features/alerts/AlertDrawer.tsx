import { Alert as Notice, Anchor, Button, Drawer, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";

import { AlertSummary } from "../../components/AlertSummary";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Facts } from "../../components/Facts";
import { Failure } from "../../components/Failure";
import { AlertStateBadge, SeverityBadge } from "../../components/Severity";
import { SimulatedBadge } from "../../components/Simulated";
import { componentsText } from "../../components/text";
import { Time } from "../../components/Time";
import { useToast } from "../../components/Toasts";
import type { Alert } from "../../lib/alerts/alerts";
import type { Schemas } from "../../lib/api";
import { useRuleName } from "../../lib/alerts/useAlertRules";
import { perform } from "../../lib/fleet/actions";
import { useDevice } from "../../lib/fleet/FleetProvider";
import { fleetWords } from "../../lib/fleet/text";
import { labelOf } from "../../lib/fleet/values";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useReturnFocus } from "../../lib/return-focus";
import { useSession } from "../../lib/SessionProvider";
import { type Filter, everything } from "./filter";
import { type Settling, canSettle, settle } from "./settle";
import { alertsText } from "./text";

type Asked = { alert: Alert; settled: (alert: Alert) => void; look: (filter: Filter) => void; close: () => void };

/** What became of it: who, and when. */
function Life({ alert }: { alert: Alert }) {
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

/** Of an alert whose rule blocked the device: what that means, and the way out. */
function Quarantine({ deviceId, name, asking, setAsking }: { deviceId: string; name: string; asking: boolean; setAsking: (asking: boolean) => void }) {
  const text = useText(alertsText).quarantine;
  const session = useSession();
  const toast = useToast();
  const device = useDevice(deviceId);
  const blocked = device?.status === "blocked";
  const { data } = useQuery({
    queryKey: ["device", deviceId, "detail"],
    queryFn: ({ signal }) => session.call<Schemas["DeviceDetail"]>("GET", `/devices/${deviceId}`, undefined, signal),
    enabled: blocked,
  });
  const mayRelease = data?.may_release === true;
  if (device === undefined) return null;
  if (device.status !== "blocked") return <Text size="sm">{text.released}</Text>;
  const release = async () => {
    await perform(session, "reactivate", deviceId);
    toast(text.done(name));
  };
  return (
    <Notice color="red" title={text.title}>
      <Stack gap="xs" align="start">
        <Text size="sm">{text.explained}</Text>
        {mayRelease && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            {text.release}
          </Button>
        )}
      </Stack>
      {asking && (
        <ConfirmDialog title={text.ask(name)} action={text.release} run={release} close={() => setAsking(false)}>
          <Text size="sm">{text.follows}</Text>
        </ConfirmDialog>
      )}
    </Notice>
  );
}

function Settle({ alert, settled }: { alert: Alert; settled: (alert: Alert) => void }) {
  const text = useText(alertsText);
  const session = useSession();
  const toast = useToast();
  const [note, setNote] = useState("");
  const settling = useMutation({
    mutationFn: (how: Settling) => settle(session, alert, how, note),
    onSuccess: (after, how) => {
      settled(after);
      setNote("");
      toast(how === "acknowledge" ? text.acknowledged : text.resolved);
    },
  });
  if (!canSettle(alert, "resolve")) return null;
  return (
    <Stack gap="xs">
      <TextInput label={text.note} description={text.noteExplained} maxLength={500} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
      <Failure failure={settling.error} />
      <Group gap="xs">
        {canSettle(alert, "acknowledge") && (
          <Button loading={settling.isPending && settling.variables === "acknowledge"} disabled={settling.isPending} onClick={() => settling.mutate("acknowledge")}>
            {text.acknowledge}
          </Button>
        )}
        <Button variant="default" loading={settling.isPending && settling.variables === "resolve"} disabled={settling.isPending} onClick={() => settling.mutate("resolve")}>
          {text.resolve}
        </Button>
      </Group>
    </Stack>
  );
}

/** An alert: what happened, what became of it, and what can be done. */
export function AlertDrawer({ alert, settled, look, close }: Asked) {
  useReturnFocus();
  const text = useText(alertsText);
  const general = useText(componentsText);
  const words = useText(fleetWords);
  const ruleName = useRuleName();
  const [asking, setAsking] = useState(false);
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
    <Drawer opened onClose={close} closeOnEscape={!asking} position="right" title={ruleName(alert.rule_name)} closeButtonProps={{ "aria-label": general.close }}>
      <Stack>
        <Group gap="xs">
          <SeverityBadge severity={alert.severity} />
          <AlertStateBadge state={alert.state} late={alert.late} />
          {alert.simulated && <SimulatedBadge />}
        </Group>
        <Text>
          <AlertSummary alert={alert} />
        </Text>
        {alert.quarantined && device_id !== null && !alert.device_deleted && <Quarantine deviceId={device_id} name={name} asking={asking} setAsking={setAsking} />}
        <Facts facts={facts} />
        <Settle alert={alert} settled={settled} />
        <Title order={2} size="h5">
          {text.details.life}
        </Title>
        <Life alert={alert} />
        <Group gap="xs">
          {device_id !== null && (
            <Button size="xs" variant="default" onClick={() => look({ ...everything, device: device_id })}>
              {text.details.byDevice}
            </Button>
          )}
          {rule_id !== null && (
            <Button size="xs" variant="default" onClick={() => look({ ...everything, rule: rule_id })}>
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

import { Alert, Button, Group, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { type ReactNode, useState } from "react";

import { Failure } from "@/components/Failure";
import { useRequestForm } from "@/components/form";
import { FormDialog } from "@/components/FormDialog";
import { useToast } from "@/components/Toasts";
import type { Schemas } from "@/lib/api";
import { useCategoryPolicies, useDevicePolicy, useSetPolicy } from "@/lib/device/usePolicy";
import { useCategoryName } from "@/lib/fleet/FleetProvider";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { usePerson } from "@/lib/SessionProvider";
import { type Draft, type Limit, bounds, decidedOf, draftOf, isLimit, keepsShorter, limits } from "./policy";
import { Rows } from "./Rows";
import { deviceText } from "./text";

function useLimitText(): (limit: Limit, value: number) => string {
  const text = useText(deviceText);
  const formats = useFormats();
  return (limit, value) => {
    switch (limit) {
      case "min_interval_ms":
        return `${formats.number(value / 1000, 3)} s`;
      case "payload_limit_bytes":
        return formats.bytes(value);
      case "keep_readings_days":
      case "keep_rollups_days":
        return value === 0 ? text.forEver : text.days(value);
      default:
        return formats.number(value);
    }
  };
}

/** The limits that were set, and the effective ones. */
type Policy = Pick<Schemas["CategoryPolicy"], "decided" | "effective">;

type Device = { id: string; category: string };

/** Edits the limits of the device or of its category, which is `name`. */
function LimitsForm({ name, device, target, rule, policy, close }: { name: string; device: Device; target: "device" | "category"; rule: string; policy: Policy; close: () => void }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const limitText = useLimitText();
  const toast = useToast();
  const setPolicy = useSetPolicy(device, target);
  const form = useRequestForm<Draft>({
    initialValues: draftOf(policy.decided),
    problemsOf: (draft) => Object.fromEntries(limits.map((limit) => [limit, isLimit(limit, draft[limit]) ? null : text.limitRange(formats.number(bounds[limit][0]), formats.number(bounds[limit][1]))])),
  });
  return (
    <FormDialog
      title={text.limitsOf(name)}
      action={text.saveLimits}
      size="xl"
      form={form}
      noValidate
      run={(draft) => setPolicy.mutateAsync(decidedOf(draft))}
      finished={() => {
        close();
        toast(text.limitsSaved);
      }}
      close={close}
    >
      <Text size="sm">{rule}</Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {limits.map((limit, n) => (
          <TextInput
            key={limit}
            label={text.policy[limit]}
            description={[text.limitUnits[limit], text.usually(limit === "payload_limit_bytes" ? formats.number(policy.effective[limit]) : limitText(limit, policy.effective[limit]))].filter(Boolean).join(" · ")}
            inputMode="numeric"
            autoComplete="off"
            maxLength={12}
            {...(n === 0 ? { "data-autofocus": true } : {})}
            {...form.getInputProps(limit)}
          />
        ))}
      </SimpleGrid>
      {keepsShorter(form.values, policy.effective) && <Alert color="orange">{text.keepsShorter}</Alert>}
    </FormDialog>
  );
}

/** Edits the limits of a category. */
function CategoryLimits({ device, close }: { device: Device; close: () => void }) {
  const text = useText(deviceText);
  const name = useCategoryName()(device.category);
  const all = useCategoryPolicies();
  const policy = all.data?.find((candidate) => candidate.category === device.category);
  if (policy === undefined) return <Failure failure={all.error} retry={() => void all.refetch()} />;
  return <LimitsForm name={name} device={device} target="category" rule={text.categoryLimitsRule} policy={policy} close={close} />;
}

/** The device's limits and the number of refused readings. Administrators can change the limits. */
export function Limits({ id, name, category }: { id: string; name: string; category: string }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const limitText = useLimitText();
  const categoryName = useCategoryName();
  const { admin } = usePerson();
  const [editing, setEditing] = useState<"device" | "category">();
  const policy = useDevicePolicy(id);
  const refusals = Object.keys(text.refusals) as (keyof Schemas["RefusedReadings"])[];
  const close = () => setEditing(undefined);
  return (
    <Stack gap="xs">
      <Group gap="xs" justify="space-between">
        <Title order={2} size="h4">
          {text.limits}
        </Title>
        {admin && policy.data !== undefined && (
          <Group gap="xs">
            <Button size="xs" variant="default" aria-label={`${text.changeLimits}: ${text.limitsOf(name)}`} onClick={() => setEditing("device")}>
              {text.changeLimits}
            </Button>
            <Button size="xs" variant="default" onClick={() => setEditing("category")}>
              {text.changeCategoryLimits(categoryName(category))}
            </Button>
          </Group>
        )}
      </Group>
      <Failure failure={policy.error} retry={() => void policy.refetch()} />
      {policy.data !== undefined && (
        <>
          <Rows
            rows={limits.map((limit) => [
              text.policy[limit],
              <Group key={limit} gap="xs">
                {limitText(limit, policy.data.effective[limit])}
                <Text size="xs" c="dimmed">
                  {policy.data.decided[limit] === null ? text.standard : text.decided}
                </Text>
              </Group>,
            ])}
          />
          <Title order={3} size="h5" mt="xs">
            {text.refused}
          </Title>
          <Rows rows={[...refusals.map((reason): [string, ReactNode] => [text.refusals[reason], formats.number(policy.data.refused[reason])]), [text.backfillLeft, formats.number(policy.data.backfill_left)]]} />
          {editing === "device" && <LimitsForm name={name} device={{ id, category }} target="device" rule={text.limitsRule} policy={policy.data} close={close} />}
        </>
      )}
      {editing === "category" && <CategoryLimits device={{ id, category }} close={close} />}
    </Stack>
  );
}

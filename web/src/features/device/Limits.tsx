import { Alert, Button, Group, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { Failure } from "../../components/Failure";
import { FormDialog } from "../../components/FormDialog";
import { useToast } from "../../components/Toasts";
import type { Schemas } from "../../lib/api";
import { useCategoryName } from "../../lib/fleet/FleetProvider";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
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

/** What is decided, and what holds where nothing is. */
type Policy = Pick<Schemas["CategoryPolicy"], "decided" | "effective">;

/** Decides what may be sent and how long it is kept, at that address of the API. */
function LimitsForm({ name, path, rule, policy, done, close }: { name: string; path: string; rule: string; policy: Policy; done: () => void; close: () => void }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const limitText = useLimitText();
  const session = useSession();
  const [draft, setDraft] = useState<Draft>(() => draftOf(policy.decided));
  const [tried, setTried] = useState(false);
  return (
    <FormDialog
      title={text.limitsOf(name)}
      action={text.saveLimits}
      size="xl"
      check={() => {
        setTried(true);
        return limits.every((each) => isLimit(each, draft[each]));
      }}
      run={() => session.call("PUT", path, decidedOf(draft) satisfies Schemas["PolicyRequest"])}
      finished={done}
      close={close}
    >
      <Text size="sm">{rule}</Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {limits.map((each, n) => (
          <TextInput
            key={each}
            label={text.policy[each]}
            description={[text.limitUnits[each], text.usually(each === "payload_limit_bytes" ? formats.number(policy.effective[each]) : limitText(each, policy.effective[each]))].filter(Boolean).join(" · ")}
            inputMode="numeric"
            autoComplete="off"
            maxLength={12}
            {...(n === 0 ? { "data-autofocus": true } : {})}
            value={draft[each]}
            onChange={(event) => setDraft({ ...draft, [each]: event.currentTarget.value })}
            error={tried && !isLimit(each, draft[each]) && text.limitRange(formats.number(bounds[each][0]), formats.number(bounds[each][1]))}
          />
        ))}
      </SimpleGrid>
      {keepsShorter(draft, policy.effective) && <Alert color="orange">{text.keepsShorter}</Alert>}
    </FormDialog>
  );
}

/** The same for all devices of a category. */
function CategoryLimits({ category, done, close }: { category: string; done: () => void; close: () => void }) {
  const text = useText(deviceText);
  const session = useSession();
  const name = useCategoryName()(category);
  const all = useQuery({ queryKey: ["policies"], queryFn: ({ signal }) => session.call<Schemas["CategoryPolicy"][]>("GET", "/admin/policies", undefined, signal), gcTime: 0 });
  const policy = all.data?.find((each) => each.category === category);
  if (policy === undefined) return <Failure failure={all.error} retry={() => void all.refetch()} />;
  return <LimitsForm name={name} path={`/admin/policies/${category}`} rule={text.categoryLimitsRule} policy={policy} done={done} close={close} />;
}

/** What the device may send, how long it is kept, and what was refused of it; administrators decide it. */
export function Limits({ id, name, category }: { id: string; name: string; category: string }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const limitText = useLimitText();
  const categoryName = useCategoryName();
  const session = useSession();
  const queries = useQueryClient();
  const toast = useToast();
  const [editing, setEditing] = useState<"device" | "category">();
  const policy = useQuery({
    queryKey: ["device", id, "policy"],
    queryFn: ({ signal }) => session.call<Schemas["DevicePolicy"]>("GET", `/devices/${id}/policy`, undefined, signal),
  });
  const refusals = Object.keys(text.refusals) as (keyof Schemas["RefusedReadings"])[];
  const close = () => setEditing(undefined);
  const done = () => {
    close();
    toast(text.limitsSaved);
    void queries.invalidateQueries({ queryKey: ["device", id, "policy"] });
  };
  return (
    <Stack gap="xs">
      <Group gap="xs" justify="space-between">
        <Title order={2} size="h4">
          {text.limits}
        </Title>
        {session.person.admin && policy.data !== undefined && (
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
          <Rows rows={[...refusals.map((each): [string, ReactNode] => [text.refusals[each], formats.number(policy.data.refused[each])]), [text.backfillLeft, formats.number(policy.data.backfill_left)]]} />
          {editing === "device" && <LimitsForm name={name} path={`/devices/${id}/policy`} rule={text.limitsRule} policy={policy.data} done={done} close={close} />}
        </>
      )}
      {editing === "category" && <CategoryLimits category={category} done={done} close={close} />}
    </Stack>
  );
}

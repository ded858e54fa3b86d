import { Group, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { CopyButton } from "../../components/CopyButton";
import { Failure } from "../../components/Failure";
import { componentsText } from "../../components/text";
import { Time } from "../../components/Time";
import type { Schemas } from "../../lib/api";
import { useCategoryName } from "../../lib/fleet/FleetProvider";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
import { deviceText } from "./text";

type Detail = Schemas["DeviceDetail"];
type Limit = keyof Schemas["EffectivePolicy"];

function Rows({ rows }: { rows: readonly [string, ReactNode][] }) {
  return (
    <Table withTableBorder className="numbers">
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={400} c="dimmed" w="45%">
              {name}
            </Table.Th>
            <Table.Td>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

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

/** What is known of the device, what it may do, and what was refused of it. */
export function Details({ detail }: { detail: Detail }) {
  const text = useText(deviceText);
  const general = useText(componentsText).secret;
  const formats = useFormats();
  const limitText = useLimitText();
  const categoryName = useCategoryName();
  const session = useSession();
  const meta = useQuery({
    queryKey: ["device", detail.id, "meta", "all", detail.simulated],
    queryFn: ({ signal }) => session.call<Schemas["ReadingsMeta"]>("GET", `/devices/${detail.id}/readings/meta?include_simulated=${String(detail.simulated)}`, undefined, signal),
  });
  const policy = useQuery({
    queryKey: ["device", detail.id, "policy"],
    queryFn: ({ signal }) => session.call<Schemas["DevicePolicy"]>("GET", `/devices/${detail.id}/policy`, undefined, signal),
  });
  const limits = Object.keys(text.policy) as Limit[];
  const refusals = Object.keys(text.refusals) as (keyof Schemas["RefusedReadings"])[];
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Stack gap="xs">
        <Title order={2} size="h4">
          {text.title}
        </Title>
        <Rows
          rows={[
            [
              text.id,
              <Group key="id" gap="xs">
                <code className="id">{detail.id}</code>
                <CopyButton content={detail.id} label={general.copy} aria-label={text.copyId} size="compact-xs" style={{ flex: "none" }} />
              </Group>,
            ],
            [text.category, categoryName(detail.category)],
            [text.created, <Time key="created" at={detail.created_at} />],
            [text.updated, <Time key="updated" at={detail.updated_at} />],
            [text.firstReading, <Time key="first" at={meta.data?.oldest_received_at} />],
            [text.lastReading, <Time key="last" at={meta.data?.latest_received_at} />],
            [text.readingsInAll, meta.data === undefined ? "" : formats.number(meta.data.total_readings)],
          ]}
        />
      </Stack>
      <Stack gap="xs">
        <Title order={2} size="h4">
          {text.limits}
        </Title>
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
          </>
        )}
      </Stack>
    </SimpleGrid>
  );
}

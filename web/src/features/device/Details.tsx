import { Group, SimpleGrid, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { CopyButton } from "../../components/CopyButton";
import { componentsText } from "../../components/text";
import { Time } from "../../components/Time";
import type { Schemas } from "../../lib/api";
import { useCategoryName } from "../../lib/fleet/FleetProvider";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
import { Limits } from "./Limits";
import { Rows } from "./Rows";
import { deviceText } from "./text";

type Detail = Schemas["DeviceDetail"];

/** What is known of the device, and what it may do. */
export function Details({ detail }: { detail: Detail }) {
  const text = useText(deviceText);
  const general = useText(componentsText).secret;
  const formats = useFormats();
  const categoryName = useCategoryName();
  const session = useSession();
  const meta = useQuery({
    queryKey: ["device", detail.id, "meta", "all", detail.simulated],
    queryFn: ({ signal }) => session.call<Schemas["ReadingsMeta"]>("GET", `/devices/${detail.id}/readings/meta?include_simulated=${String(detail.simulated)}`, undefined, signal),
  });
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
      <Limits id={detail.id} name={detail.name} category={detail.category} />
    </SimpleGrid>
  );
}

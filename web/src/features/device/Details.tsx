import { Group, SimpleGrid, Stack, Title } from "@mantine/core";

import { CopyButton } from "@/components/CopyButton";
import { componentsText } from "@/components/text";
import { Time } from "@/components/Time";
import type { DeviceDetail } from "@/lib/device/useDevice";
import { useReadingsMeta } from "@/lib/device/useReadings";
import { useCategoryName } from "@/lib/fleet/FleetProvider";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { Limits } from "./Limits";
import { Rows } from "./Rows";
import { deviceText } from "./text";

/** The device's properties and limits. */
export function Details({ detail }: { detail: DeviceDetail }) {
  const text = useText(deviceText);
  const general = useText(componentsText).secret;
  const formats = useFormats();
  const categoryName = useCategoryName();
  const meta = useReadingsMeta(detail.id, detail.simulated);
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

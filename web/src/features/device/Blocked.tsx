import { Alert, Anchor, Text } from "@mantine/core";
import { Link } from "wouter";

import { Time } from "@/components/Time";
import type { Schemas } from "@/lib/api";
import { useText } from "@/lib/i18n/LanguageProvider";
import { deviceText } from "./text";

/** Shows who blocked the device, when and why, and who can release it. */
export function Blocked({ detail }: { detail: Schemas["DeviceDetail"] }) {
  const text = useText(deviceText).blocked;
  return (
    <Alert color="red" title={text.title(detail.blocked_by ?? text.somebody)}>
      <Text size="sm">
        {detail.blocked_at != null && <Time at={detail.blocked_at} />}
        {detail.blocked_reason != null && `${detail.blocked_at == null ? "" : " · "}${detail.blocked_reason}`}
      </Text>
      {detail.blocked_alert_id != null && (
        <Anchor component={Link} href={`/alerts?alert=${detail.blocked_alert_id}`} size="sm">
          {text.alert}
        </Anchor>
      )}
      <Text size="sm" mt={4}>
        {detail.may_release === false ? text.notYours : text.yours}
      </Text>
    </Alert>
  );
}

import { Alert, Button, Stack, Text } from "@mantine/core";
import { useState } from "react";

import { ConfirmDialog } from "@/components/ConfirmDialog";
import { useToast } from "@/components/Toasts";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { useNow } from "@/lib/now";
import { useHealth, useReleaseRetention } from "@/lib/server/useHealth";
import { securityText } from "./text";

/** Explains the retention hold after a jump of the server's clock, and lets an administrator confirm the clock. */
export function RetentionHold() {
  const { hold: text } = useText(securityText);
  const formats = useFormats();
  const release = useReleaseRetention();
  const toast = useToast();
  const [confirming, setConfirming] = useState(false);
  const now = useNow();
  const { data, dataUpdatedAt, refetch } = useHealth();
  if (!data?.retention_held_until) return null;
  // The dialog shows the current time of the server.
  const openConfirmation = () => {
    void refetch();
    setConfirming(true);
  };
  const close = () => {
    setConfirming(false);
    void refetch(); // somebody else may have confirmed it
  };
  return (
    <Alert color="yellow" title={text.title} mb="md">
      <Stack gap="xs" align="start">
        <Text size="sm">{text.explained(formats.time(Date.parse(data.retention_held_until)))}</Text>
        <Button size="xs" variant="default" onClick={openConfirmation}>
          {text.confirm}
        </Button>
      </Stack>
      {confirming && (
        <ConfirmDialog
          title={text.confirmTitle}
          action={text.confirm}
          danger
          run={() => release.mutateAsync()}
          close={close}
          finished={() => {
            toast(text.confirmed);
            close();
          }}
        >
          <Text size="sm">{text.serverTime(formats.time(Date.parse(data.time) + Math.max(0, now - dataUpdatedAt)))}</Text>
          <Text size="sm" mt="xs">
            {text.consequence}
          </Text>
        </ConfirmDialog>
      )}
    </Alert>
  );
}

import { Alert, Button, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useToast } from "../../components/Toasts";
import { type Schemas, jsonOf, request } from "../../lib/api";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { useNow } from "../../lib/now";
import { useSession } from "../../lib/SessionProvider";
import { securityText } from "./text";

const lookAgain = 60_000;

/** Says that nothing is removed for its age because the server's clock jumped, and lets an administrator confirm the clock. */
export function RetentionHold() {
  const { hold: text } = useText(securityText);
  const formats = useFormats();
  const session = useSession();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const now = useNow();
  const { data, dataUpdatedAt, refetch } = useQuery({ queryKey: ["health"], queryFn: async () => jsonOf<Schemas["Health"]>(await request("GET", "/healthz")), refetchInterval: lookAgain });
  if (!data?.retention_held_until) return null;
  // What it is asked about is what the clock says now.
  const ask = () => {
    void refetch();
    setAsking(true);
  };
  const close = () => {
    setAsking(false);
    void refetch(); // somebody else may have confirmed it
  };
  return (
    <Alert color="yellow" title={text.title} mb="md">
      <Stack gap="xs" align="start">
        <Text size="sm">{text.explained(formats.time(Date.parse(data.retention_held_until)))}</Text>
        <Button size="xs" variant="default" onClick={ask}>
          {text.confirm}
        </Button>
      </Stack>
      {asking && (
        <ConfirmDialog
          title={text.confirmTitle}
          action={text.confirm}
          danger
          run={() => session.call("POST", "/admin/retention/release")}
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

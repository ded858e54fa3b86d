import { Alert, Button, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useToast } from "../../components/Toasts";
import { type Schemas, jsonOf, request } from "../../lib/api";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
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
  const { data, refetch } = useQuery({ queryKey: ["health"], queryFn: async () => jsonOf<Schemas["Health"]>(await request("GET", "/healthz")), refetchInterval: lookAgain });
  if (!data?.retention_held_until) return null;
  return (
    <Alert color="yellow" title={text.title} mb="md">
      <Stack gap="xs" align="start">
        <Text size="sm">{text.explained(formats.time(Date.parse(data.retention_held_until)))}</Text>
        <Button size="xs" variant="default" onClick={() => setAsking(true)}>
          {text.confirm}
        </Button>
      </Stack>
      {asking && (
        <ConfirmDialog
          title={text.confirmTitle}
          action={text.confirm}
          danger
          run={() => session.call("POST", "/admin/retention/release")}
          close={() => setAsking(false)}
          finished={() => {
            setAsking(false);
            toast(text.confirmed);
            void refetch();
          }}
        >
          <Text size="sm">{text.serverTime(formats.time(Date.parse(data.time)))}</Text>
          <Text size="sm" mt="xs">
            {text.consequence}
          </Text>
        </ConfirmDialog>
      )}
    </Alert>
  );
}

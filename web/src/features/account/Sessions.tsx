import { Badge, Button, Center, Group, Loader, Modal, Stack, Text } from "@mantine/core";

import { Failure } from "@/components/Failure";
import { componentsText } from "@/components/text";
import { Time } from "@/components/Time";
import { useToast } from "@/components/Toasts";
import { useEndSession, useOwnSessions } from "@/lib/account/useAccount";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { useReturnFocus } from "@/lib/return-focus";
import { usePerson } from "@/lib/SessionProvider";
import { accountText } from "./text";

/** Lists the sessions of the own account; each other session can be ended. */
export function Sessions({ close }: { close: () => void }) {
  useReturnFocus();
  const text = useText(accountText);
  const general = useText(componentsText);
  const formats = useFormats();
  const { email } = usePerson();
  const toast = useToast();
  const { data, error, isPending } = useOwnSessions();
  const end = useEndSession(() => toast(text.ended));
  return (
    <Modal opened onClose={close} title={text.sessions} size="lg" centered closeButtonProps={{ "aria-label": general.close }}>
      <Stack>
        <Text size="sm">{text.sessionsExplained}</Text>
        <Failure failure={error ?? end.error} />
        {isPending && (
          <Center>
            <Loader size="sm" aria-label={text.loading} />
          </Center>
        )}
        {data?.map((signIn) => (
          <Group key={signIn.id} justify="space-between" wrap="nowrap" role="group" aria-label={signIn.current ? text.thisOne : text.another}>
            <div>
              <Group gap="xs">
                <Text fw={600}>{signIn.current ? text.thisOne : text.another}</Text>
                {signIn.current && (
                  <Badge variant="light" tt="none" className="readable">
                    {email}
                  </Badge>
                )}
              </Group>
              <Text size="sm" c="dimmed">
                {text.renewed}: <Time at={signIn.renewed_at} relative />
                {" · "}
                {text.expires}: <Time at={signIn.expires_at} />
              </Text>
            </div>
            {!signIn.current && (
              <Button variant="default" size="compact-sm" aria-label={text.endOf(formats.time(Date.parse(signIn.renewed_at)))} loading={end.isPending && end.variables === signIn.id} onClick={() => end.mutate(signIn.id)}>
                {text.end}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}

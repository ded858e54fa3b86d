import { Badge, Button, Center, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { Failure } from "../../components/Failure";
import { componentsText } from "../../components/text";
import { Time } from "../../components/Time";
import { useToast } from "../../components/Toasts";
import type { Schemas } from "../../lib/api";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { useReturnFocus } from "../../lib/return-focus";
import { useSession } from "../../lib/SessionProvider";
import { accountText } from "./text";

const sessionsKey = ["own-sessions"];

/** Where one's account is signed in, and the way to end each. */
export function Sessions({ close }: { close: () => void }) {
  useReturnFocus();
  const text = useText(accountText);
  const general = useText(componentsText);
  const formats = useFormats();
  const session = useSession();
  const queries = useQueryClient();
  const toast = useToast();
  const { data, error, isPending } = useQuery({ queryKey: sessionsKey, queryFn: ({ signal }) => session.call<Schemas["Session"][]>("GET", "/auth/sessions", undefined, signal) });
  const end = useMutation({
    mutationFn: (id: string) => session.request("DELETE", `/auth/sessions/${id}`),
    onSuccess: () => toast(text.ended),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsKey }),
  });
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
        {data?.map((each) => (
          <Group key={each.id} justify="space-between" wrap="nowrap" role="group" aria-label={each.current ? text.thisOne : text.another}>
            <div>
              <Group gap="xs">
                <Text fw={600}>{each.current ? text.thisOne : text.another}</Text>
                {each.current && (
                  <Badge variant="light" tt="none" className="readable">
                    {session.person.email}
                  </Badge>
                )}
              </Group>
              <Text size="sm" c="dimmed">
                {text.renewed}: <Time at={each.renewed_at} relative />
                {" · "}
                {text.expires}: <Time at={each.expires_at} />
              </Text>
            </div>
            {!each.current && (
              <Button variant="default" size="compact-sm" aria-label={text.endOf(formats.time(Date.parse(each.renewed_at)))} loading={end.isPending && end.variables === each.id} onClick={() => end.mutate(each.id)}>
                {text.end}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}

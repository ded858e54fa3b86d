import { ActionIcon, Button, Divider, Popover, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { ConfirmDialog } from "../components/ConfirmDialog";
import { Failure } from "../components/Failure";
import { PersonIcon } from "../components/icons";
import { ChangePassword } from "../features/account/ChangePassword";
import { Sessions } from "../features/account/Sessions";
import { accountText } from "../features/account/text";
import { useText } from "../lib/i18n/LanguageProvider";
import { useSession } from "../lib/SessionProvider";
import { Settings } from "./Settings";
import { appText } from "./text";

/** Who is signed in, how they like it, and the way out. */
export function AccountMenu() {
  const text = useText(appText);
  const session = useSession();
  const signOut = useMutation({ mutationFn: () => session.signOut() });
  const [open, setOpen] = useState(false);
  const own = useText(accountText);
  const [dialog, setDialog] = useState<"password" | "sessions" | "everywhere">();
  const show = (which: typeof dialog) => {
    setOpen(false);
    setDialog(which);
  };
  const close = () => setDialog(undefined);
  return (
    <>
      <Popover opened={open} onChange={setOpen} position="bottom-end" width={280} trapFocus shadow="md">
        <Popover.Target>
          <ActionIcon variant="default" size={36} aria-label={text.account} onClick={() => setOpen(!open)}>
            <PersonIcon />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown aria-label={text.account}>
          <Stack gap="sm">
            <div>
              <Text fw={600} truncate title={session.person.email}>
                {session.person.email}
              </Text>
              {session.person.admin && (
                <Text size="xs" c="dimmed">
                  {text.administrator}
                </Text>
              )}
            </div>
            <Settings />
            <Divider />
            <Button variant="subtle" color="gray" c="var(--mantine-color-text)" onClick={() => show("sessions")}>
              {own.sessions}
            </Button>
            <Button variant="subtle" color="gray" c="var(--mantine-color-text)" onClick={() => show("password")}>
              {own.changePassword}
            </Button>
            <Divider />
            <Failure failure={signOut.error} />
            <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
              {text.signOut}
            </Button>
            <Button variant="subtle" color="gray" c="var(--mantine-color-text)" onClick={() => show("everywhere")}>
              {text.signOutEverywhere}
            </Button>
          </Stack>
        </Popover.Dropdown>
      </Popover>
      {dialog === "sessions" && <Sessions close={close} />}
      {dialog === "password" && <ChangePassword close={close} />}
      {dialog === "everywhere" && (
        <ConfirmDialog title={text.signOutEverywhere} action={text.signOutEverywhere} danger run={() => session.signOutEverywhere()} close={close}>
          <Text>{text.everywhereExplained}</Text>
        </ConfirmDialog>
      )}
    </>
  );
}

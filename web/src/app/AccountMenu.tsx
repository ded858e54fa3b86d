import { ActionIcon, Button, Divider, Popover, Stack, Text } from "@mantine/core";
import { useState } from "react";

import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Failure } from "@/components/Failure";
import { PersonIcon } from "@/components/icons";
import { ChangePassword } from "@/features/account/ChangePassword";
import { Sessions } from "@/features/account/Sessions";
import { accountText } from "@/features/account/text";
import { useSignOut, useSignOutEverywhere } from "@/lib/account/useAccount";
import { useText } from "@/lib/i18n/LanguageProvider";
import { usePerson } from "@/lib/SessionProvider";
import { Settings } from "./Settings";
import { appText } from "./text";

/** The account menu: the signed-in account, its settings, and signing out. */
export function AccountMenu() {
  const text = useText(appText);
  const person = usePerson();
  const signOut = useSignOut();
  const signOutEverywhere = useSignOutEverywhere();
  const [open, setOpen] = useState(false);
  const accountWords = useText(accountText);
  const [dialog, setDialog] = useState<"password" | "sessions" | "everywhere">();
  const show = (next: typeof dialog) => {
    setOpen(false);
    setDialog(next);
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
              <Text fw={600} truncate title={person.email}>
                {person.email}
              </Text>
              {person.admin && (
                <Text size="xs" c="dimmed">
                  {text.administrator}
                </Text>
              )}
            </div>
            <Settings />
            <Divider />
            <Button variant="subtle" color="gray" c="var(--mantine-color-text)" onClick={() => show("sessions")}>
              {accountWords.sessions}
            </Button>
            <Button variant="subtle" color="gray" c="var(--mantine-color-text)" onClick={() => show("password")}>
              {accountWords.changePassword}
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
        <ConfirmDialog title={text.signOutEverywhere} action={text.signOutEverywhere} danger run={() => signOutEverywhere.mutateAsync()} close={close}>
          <Text>{text.everywhereExplained}</Text>
        </ConfirmDialog>
      )}
    </>
  );
}

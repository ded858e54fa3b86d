import { AppShell, Button, Group, Text, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import type { ReactNode } from "react";

import type { Session } from "../lib/session";

/** What is around every page: the name, who is signed in, and the way out. */
export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const other = scheme === "light" ? "dark" : "light";
  return (
    <AppShell header={{ height: 56 }} padding="md">
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <img src="/docs/assets/favicon.svg" alt="" width={24} height={24} />
            <Text fw={700}>Breakwater</Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" c="dimmed" visibleFrom="sm">
              {session.person.email}
            </Text>
            <Button variant="subtle" size="xs" color="gray" onClick={() => setColorScheme(other)}>
              {other === "dark" ? "Dark" : "Light"}
            </Button>
            <Button variant="default" size="xs" onClick={() => void session.signOut().catch(() => undefined)}>
              Sign out
            </Button>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Main>{children}</AppShell.Main>
    </AppShell>
  );
}

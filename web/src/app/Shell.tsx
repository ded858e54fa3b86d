import { Anchor, AppShell, Badge, Burger, Drawer, Group, NavLink, Text } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";

import { NewVersion } from "@/components/NewVersion";
import { addressOf } from "@/lib/base";
import { useFormats, useLanguage, useText } from "@/lib/i18n/LanguageProvider";
import { useLiveState, useLostSince } from "@/lib/LiveProvider";
import type { LiveState } from "@/lib/live";
import { usePerson } from "@/lib/SessionProvider";
import { serverBuild } from "@/lib/version";
import { AccountMenu } from "./AccountMenu";
import { routes } from "./routes";
import { appText } from "./text";

const stateColor: Record<LiveState, string> = { connecting: "gray.6", live: "teal.6", lost: "orange.6" };

function LiveBadge() {
  const text = useText(appText);
  const formats = useFormats();
  const state = useLiveState();
  const lostSince = useLostSince();
  return (
    <Badge color={stateColor[state]} variant="dot" size="lg" role="status" tt="none" className="live-state" data-state={state}>
      {state === "lost" ? text.lost(formats.clock(lostSince ?? Date.now())) : text.live[state]}
    </Badge>
  );
}

/** After each reconnection, compares the server's build of this page with the previous one. */
function useOutdated(): [boolean, () => void] {
  const state = useLiveState();
  const build = useRef<string | null>();
  const [outdated, setOutdated] = useState(false);
  useEffect(() => {
    if (state !== "live") return;
    serverBuild()
      .then((latest) => {
        if (latest !== null && build.current !== undefined && build.current !== latest) setOutdated(true);
        build.current = latest;
      })
      .catch(() => undefined); // the next reconnection checks again
  }, [state]);
  return [outdated, () => setOutdated(false)];
}

/** The navigation entries that this account may open, and which one is current. */
function useEntries() {
  const { language } = useLanguage();
  const { admin } = usePerson();
  const [location] = useLocation();
  return routes.flatMap(({ path, entry, admin: forAdmins }) =>
    entry === undefined || (forAdmins && !admin) ? [] : [{ path, name: entry.name(language), Icon: entry.icon, Badge: entry.badge, open: path === "/" ? location === "/" || location.startsWith("/devices/") : location.startsWith(path) }],
  );
}

/** The frame around every page: brand, navigation, state of the live connection, account menu. */
export function Shell({ children }: { children: ReactNode }) {
  const text = useText(appText);
  const entries = useEntries();
  const [location] = useLocation();
  const [menu, setMenu] = useState(false);
  const [outdated, closeOutdated] = useOutdated();
  const main = useRef<HTMLElement>(null);
  useEffect(() => setMenu(false), [location]);
  return (
    <AppShell header={{ height: 56 }} padding={{ base: "sm", sm: "md" }}>
      <AppShell.Header>
        <a
          className="skip"
          href="#content"
          onClick={(event) => {
            event.preventDefault(); // the hash holds the page's address
            main.current?.focus();
          }}
        >
          {text.skip}
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
          <Group gap="xs" wrap="nowrap">
            <Burger size="sm" hiddenFrom="md" opened={menu} onClick={() => setMenu(!menu)} aria-label={text.menu} aria-expanded={menu} />
            <Link href="/" className="brand">
              <img src={addressOf("/docs/assets/favicon.svg")} alt="" width={24} height={24} />
              <Text fw={700} span>
                Breakwater
              </Text>
            </Link>
          </Group>
          <Group component="nav" aria-label={text.pages} gap={4} wrap="nowrap" visibleFrom="md" className="entries">
            {entries.map(({ path, name, Icon, Badge: Count, open }) => (
              <Link key={path} href={path} className="entry" aria-current={open ? "page" : undefined}>
                <Icon />
                {name}
                {Count && <Count />}
              </Link>
            ))}
          </Group>
          <Group gap="xs" wrap="nowrap">
            {entries.map(
              ({ path, name, Icon, Badge: Count, open }) =>
                Count && (
                  <Link key={path} href={path} className="entry entry-narrow" aria-current={open ? "page" : undefined}>
                    <Icon />
                    <span className="unseen">{name}</span>
                    <Count />
                  </Link>
                ),
            )}
            <LiveBadge />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <Drawer opened={menu} onClose={() => setMenu(false)} title={text.pages} size="xs" hiddenFrom="md" closeButtonProps={{ "aria-label": text.closeMenu }}>
        <nav aria-label={text.pages}>
          {entries.map(({ path, name, Icon, Badge: Count, open }) => (
            <NavLink key={path} component={Link} href={path} label={name} leftSection={<Icon />} rightSection={Count && <Count />} active={open} aria-current={open ? "page" : undefined} onClick={() => setMenu(false)} />
          ))}
        </nav>
      </Drawer>
      <AppShell.Main ref={main} id="content" tabIndex={-1} className="content">
        {outdated && <NewVersion close={closeOutdated} />}
        {children}
      </AppShell.Main>
    </AppShell>
  );
}

export function NotFound() {
  const text = useText(appText);
  return (
    <>
      <Text>{text.notFoundExplained}</Text>
      <Anchor component={Link} href="/">
        {text.toFleet}
      </Anchor>
    </>
  );
}

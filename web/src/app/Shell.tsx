import { Anchor, AppShell, Badge, Burger, Drawer, Group, NavLink, Text } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";

import { NewVersion } from "../components/NewVersion";
import { addressOf } from "../lib/base";
import { useFormats, useLanguage, useText } from "../lib/i18n/LanguageProvider";
import { useLiveState, useLostSince } from "../lib/LiveProvider";
import type { LiveState } from "../lib/live";
import { useSession } from "../lib/SessionProvider";
import { buildOf } from "../lib/version";
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

/** Looks, each time that the connection is back, whether the server has another build of this page than it had. */
function useOutdated(): [boolean, () => void] {
  const state = useLiveState();
  const build = useRef<string | null>();
  const [outdated, setOutdated] = useState(false);
  useEffect(() => {
    if (state !== "live") return;
    buildOf()
      .then((now) => {
        if (now !== null && build.current !== undefined && build.current !== now) setOutdated(true);
        build.current = now;
      })
      .catch(() => undefined); // it is looked again when it is back
  }, [state]);
  return [outdated, () => setOutdated(false)];
}

/** The entries that this person has, and which of them is open. */
function useEntries() {
  const { language } = useLanguage();
  const { admin } = useSession().person;
  const [location] = useLocation();
  return routes.flatMap(({ path, entry, admin: forAdmins }) =>
    entry === undefined || (forAdmins && !admin) ? [] : [{ path, name: entry.name(language), Icon: entry.icon, Badge: entry.badge, open: path === "/" ? location === "/" || location.startsWith("/devices/") : location.startsWith(path) }],
  );
}

/** What is around every page: the name, the way to the others, whether what is shown is live, and who is signed in. */
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
            event.preventDefault(); // the hash is the page's address
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

import { Group, Stack, Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";

/** The first page of a visit is where the reader already is; at each later one they are told so, by moving the focus. */
let first = true;

/** A page: its title, in the window's too; what can be done with the whole of it; and what it shows. */
export function Page({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Breakwater`;
  }, [title]);
  useEffect(() => {
    if (!first) heading.current?.focus({ preventScroll: true });
    first = false;
    scrollTo(0, 0);
  }, []);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="start" gap="xs" mih={36}>
        <Title order={1} size="h2" ref={heading} tabIndex={-1} className="page-title" flex="1 1 9rem">
          {title}
        </Title>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}

import { Group, Stack, Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";

/** Later pages move the focus to their heading, so that screen readers announce them. The first page of a visit doesn't. */
let isFirstPage = true;

/** A page with a heading (also the window title), actions and content. */
export function Page({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Breakwater`;
  }, [title]);
  useEffect(() => {
    if (!isFirstPage) heading.current?.focus({ preventScroll: true });
    isFirstPage = false;
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

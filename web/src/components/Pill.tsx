import { Button } from "@mantine/core";
import type { ReactNode } from "react";

/** Announces new items outside the visible area and scrolls to them. */
export function Pill({ shown, onClick, children }: { shown: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <div role="status">
      {shown && (
        <Button size="xs" radius="xl" onClick={onClick}>
          {children}
        </Button>
      )}
    </div>
  );
}

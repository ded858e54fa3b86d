import { Button } from "@mantine/core";
import type { ReactNode } from "react";

/** Says that something is new where one isn't looking, and leads there. */
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

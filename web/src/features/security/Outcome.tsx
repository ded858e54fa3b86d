import { Badge } from "@mantine/core";

import { useText } from "@/lib/i18n/LanguageProvider";
import { securityText } from "./text";

const colors: Readonly<Record<string, string>> = { success: "teal", denied: "orange", error: "red" };

export function Outcome({ status }: { status: string }) {
  const text = useText(securityText);
  return (
    <Badge variant="light" color={colors[status] ?? "gray"} tt="none" className="readable">
      {text.statuses[status] ?? status}
    </Badge>
  );
}

import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { useNow } from "@/lib/now";
import { componentsText } from "./text";

function Relative({ at }: { at: number }) {
  const now = useNow();
  return <>{useFormats().ago(at, now)}</>;
}

/**
 * A time in the viewer's time zone, or with `relative` the time since then. The tooltip shows UTC. `at` is RFC 3339 or milliseconds
 * since 1970.
 */
export function Time({ at, relative = false }: { at: string | number | null | undefined; relative?: boolean }) {
  const formats = useFormats();
  const text = useText(componentsText);
  if (at === null || at === undefined) return <>{text.never}</>;
  const moment = typeof at === "number" ? at : Date.parse(at);
  const utc = typeof at === "number" ? new Date(at).toISOString() : at;
  return (
    <time dateTime={utc} title={relative ? `${formats.time(moment)} (${utc})` : utc}>
      {relative ? <Relative at={moment} /> : formats.time(moment)}
    </time>
  );
}

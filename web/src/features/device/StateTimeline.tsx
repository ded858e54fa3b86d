import { Text } from "@mantine/core";

import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { natural } from "@/lib/search";
import type { Window } from "@/lib/device/range";
import type { Span } from "@/lib/device/series";
import { deviceText } from "./text";

const colorCount = 6;
/** The legend names at most this many states. */
const maxNamed = 8;

/** A field's states over time as stripes, with the share of each state. */
export function StateTimeline({ name, spans, window, note }: { name: string; spans: readonly Span[]; window: Window; note?: string | undefined }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const duration = window.until - window.since;
  const shares = new Map<string, number>();
  for (const { state, since, until } of spans) if (state !== null) shares.set(state, (shares.get(state) ?? 0) + until - since);
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  const states = [...shares.keys()].sort(natural.compare);
  const named = [...states].sort((a, b) => (shares.get(b) ?? 0) - (shares.get(a) ?? 0)).slice(0, maxNamed);
  const colorIndex = (state: string | null) => (state === null ? "none" : String(states.indexOf(state) % colorCount));
  const stateLabel = (state: string | null) => (state === null ? text.unheard : state.replaceAll("_", " "));
  return (
    <section className="field" aria-label={name}>
      <div className="field-head">
        <Text fw={600} size="sm" className="field-name" title={name}>
          {name}
        </Text>
        <ul className="states">
          {states.length === 0 && <li>{text.noneInRange}</li>}
          {named.map((state) => (
            <li key={state}>
              <span className="state-mark" data-kind={colorIndex(state)} aria-hidden />
              <span className="state-name" title={state}>
                {stateLabel(state)}
              </span>{" "}
              <span className="state-share">{formats.number((100 * (shares.get(state) ?? 0)) / total, 0)} %</span>
            </li>
          ))}
          {states.length > named.length && <li>{text.moreStates(states.length - named.length)}</li>}
        </ul>
      </div>
      <div className="stripes" aria-hidden>
        {spans.map((span) => (
          <span
            key={span.since}
            data-kind={colorIndex(span.state)}
            title={`${stateLabel(span.state)}: ${formats.shortTime(span.since)} – ${formats.shortTime(span.until)}`}
            style={{ insetInlineStart: `${(100 * (span.since - window.since)) / duration}%`, inlineSize: `${(100 * (span.until - span.since)) / duration}%` }}
          />
        ))}
      </div>
      {note !== undefined && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </section>
  );
}

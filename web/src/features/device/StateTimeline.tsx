import { Text } from "@mantine/core";

import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { natural } from "../../lib/search";
import type { Window } from "./range";
import type { Span } from "./series";
import { deviceText } from "./text";

const kinds = 6;
/** So many states are named; of a field that says something else each time nobody reads more. */
const mostNamed = 8;

/** What a field said over the time, as stripes, and beside them how much of the time each took. */
export function StateTimeline({ name, spans, window, note }: { name: string; spans: readonly Span[]; window: Window; note?: string | undefined }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const length = window.until - window.since;
  const shares = new Map<string, number>();
  for (const { state, since, until } of spans) if (state !== null) shares.set(state, (shares.get(state) ?? 0) + until - since);
  const heard = [...shares.values()].reduce((sum, each) => sum + each, 0);
  const states = [...shares.keys()].sort(natural.compare);
  const named = [...states].sort((a, b) => (shares.get(b) ?? 0) - (shares.get(a) ?? 0)).slice(0, mostNamed);
  const kindOf = (state: string | null) => (state === null ? "none" : String(states.indexOf(state) % kinds));
  const spoken = (state: string | null) => (state === null ? text.unheard : state.replaceAll("_", " "));
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
              <span className="state-mark" data-kind={kindOf(state)} aria-hidden />
              <span className="state-name" title={state}>
                {spoken(state)}
              </span>{" "}
              <span className="state-share">{formats.number((100 * (shares.get(state) ?? 0)) / heard, 0)} %</span>
            </li>
          ))}
          {states.length > named.length && <li>{text.moreStates(states.length - named.length)}</li>}
        </ul>
      </div>
      <div className="stripes" aria-hidden>
        {spans.map((each) => (
          <span
            key={each.since}
            data-kind={kindOf(each.state)}
            title={`${spoken(each.state)}: ${formats.shortTime(each.since)} – ${formats.shortTime(each.until)}`}
            style={{ insetInlineStart: `${(100 * (each.since - window.since)) / length}%`, inlineSize: `${(100 * (each.until - each.since)) / length}%` }}
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

import { Text } from "@mantine/core";
import { type ReactNode, useMemo } from "react";
import { Link } from "wouter";

import { useAlertSummary } from "@/lib/alerts/useAlertSummary";
import type { Health } from "@/lib/fleet/fleet";
import { useCategoryName, useFleet, useUnknownSince } from "@/lib/fleet/FleetProvider";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { natural } from "@/lib/search";
import { fleetText } from "./text";
import { type Counts, type Filter, everything, isEverything } from "./view";

function Content({ name, value, note, mark }: { name: string; value: string; note?: string | undefined; mark?: Health }) {
  return (
    <>
      <span className="figure-name">
        {mark !== undefined && <span className="mark" data-health={mark} aria-hidden />}
        {name}
      </span>
      <span className="figure-value">
        {value}
        {note !== undefined && <span className="figure-note">{note}</span>}
      </span>
    </>
  );
}

function Toggle({ pressed, onClick, className, children }: { pressed: boolean; onClick: () => void; className: string; children: ReactNode }) {
  return (
    <button type="button" className={className} aria-pressed={pressed} onClick={onClick}>
      {children}
    </button>
  );
}

/** Key figures of the fleet. A figure that counts devices filters the list when it is pressed. */
export function Figures({ counts, rate, filter, setFilter }: { counts: Counts | undefined; rate: number; filter: Filter; setFilter: (filter: Filter) => void }) {
  const text = useText(fleetText);
  const formats = useFormats();
  const alerts = useAlertSummary();
  const { store } = useFleet();
  const isUnknown = useUnknownSince() !== undefined;
  const count = (health: Health) => (counts === undefined || (isUnknown && health !== "blocked") ? "–" : formats.number(counts.health[health]));
  const toggle = (health: Health) => setFilter({ ...filter, health: filter.health === health ? null : health });
  return (
    <section className="figures" aria-label={text.overview}>
      <Toggle className="figure" pressed={isEverything(filter)} onClick={() => setFilter(everything)}>
        <Content name={text.devices} value={counts === undefined ? "–" : formats.number(store.size)} />
      </Toggle>
      {(["ok", "silent", "never", "blocked"] as const).map((health) => (
        <Toggle key={health} className="figure" pressed={filter.health === health} onClick={() => toggle(health)}>
          <Content name={text[health]} value={count(health)} mark={health} />
        </Toggle>
      ))}
      <Link href="/alerts" className="figure">
        <Content name={text.alerts} value={alerts === undefined ? "–" : formats.number(alerts.open)} note={alerts !== undefined && alerts.critical > 0 ? text.critical(alerts.critical) : undefined} />
      </Link>
      <div className="figure">
        <Content name={text.rate} value={isUnknown ? "–" : formats.number(rate, rate < 100 ? 1 : 0)} />
      </div>
    </section>
  );
}

/** The categories in the fleet with their number of devices. Pressing one filters the list. */
export function CategoryChips({ counts, loading, filter, setFilter }: { counts: Counts; loading: boolean; filter: Filter; setFilter: (filter: Filter) => void }) {
  const text = useText(fleetText);
  const formats = useFormats();
  const categoryName = useCategoryName();
  const categories = useMemo(() => [...counts.categories].map(([slug, count]) => ({ slug, name: categoryName(slug), count })).sort((a, b) => natural.compare(a.name, b.name)), [counts, categoryName]);
  return (
    <div className="chips" data-empty={!loading && categories.length === 0} role="group" aria-label={text.categories}>
      {categories.map(({ slug, name, count }) => (
        <Toggle key={slug} className="chip" pressed={filter.category === slug} onClick={() => setFilter({ ...filter, category: filter.category === slug ? null : slug })}>
          {name} <Text span inherit className="chip-count">{formats.number(count)}</Text>
        </Toggle>
      ))}
    </div>
  );
}

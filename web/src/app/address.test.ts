import { describe, expect, it } from "vitest";

import { zoomCodec } from "@/lib/device/range";
import { filterCodec, orderCodec } from "@/features/fleet/view";
import { filterCodec as alertsCodec, unresolved } from "@/lib/alerts/filter";
import { filterCodec as logCodec, everything } from "@/lib/events/filter";
import { filterCodec as deliveriesCodec } from "@/lib/webhooks/webhooks";
import { type QueryCodec, choiceCodec, flagCodec, listCodec, numberCodec, partsOf, textOf, textCodec } from "@/lib/address";

function queryText<T>(codec: QueryCodec<T>, value: T): string {
  const query = new URLSearchParams();
  codec.write(value, query);
  for (const name of query.keys()) expect(codec.names).toContain(name);
  return textOf(query);
}

/** The query text of a value. Checks that reading it returns the same value. */
function roundTrip<T>(codec: QueryCodec<T>, value: T): string {
  const text = queryText(codec, value);
  expect(codec.read(new URLSearchParams(text))).toEqual(value);
  return text;
}
const read = <T>(codec: QueryCodec<T>, text: string): T => codec.read(new URLSearchParams(text));

describe("addresses", () => {
  it("consist of a path and a query", () => {
    expect(partsOf("#/devices/7?range=day&q=a?b")).toEqual({ path: "/devices/7", query: "range=day&q=a?b" });
    expect([partsOf(""), partsOf("#/"), partsOf("#")]).toEqual([0, 1, 2].map(() => ({ path: "/", query: "" })));
  });

  it("omit default values, and ignore malformed ones", () => {
    expect([roundTrip(textCodec("q"), ""), roundTrip(textCodec("q"), "pompa ł & ?#+%")]).toEqual(["", "q=pompa+%C5%82+%26+%3F%23%2B%25"]);
    expect([roundTrip(flagCodec("on", true), true), roundTrip(flagCodec("on", true), false), roundTrip(flagCodec("on", false), true)]).toEqual(["", "on=no", "on=yes"]);
    expect([roundTrip(numberCodec("n"), null), roundTrip(numberCodec("n"), 42)]).toEqual(["", "n=42"]);
    expect(["n=0", "n=-1", "n=1e9", "n=x", "n=99999999999999999999"].map((query) => read(numberCodec("n"), query))).toEqual([null, null, null, null, null]);
    const tab = choiceCodec("tab", ["charts", "readings"]);
    expect([roundTrip(tab, "charts"), roundTrip(tab, "readings"), read(tab, "tab=nonsense")]).toEqual(["", "tab=readings", "charts"]);
    expect([roundTrip(listCodec("ids", 3), ["a", "b"]), queryText(listCodec("ids", 1), ["a", "b"]), read(listCodec("ids", 1), "ids=a,b")]).toEqual(["ids=a,b", "", ["a"]]);
  });

  it("hold the filter and the order of the fleet", () => {
    expect(roundTrip(filterCodec, { text: "roof", category: "ip_camera", health: "silent" })).toBe("q=roof&category=ip_camera&state=silent");
    expect(read(filterCodec, "state=constructor").health).toBeNull();
    expect([roundTrip(orderCodec, { by: "name", descending: false }), roundTrip(orderCodec, { by: "heard", descending: true }), roundTrip(orderCodec, { by: "name", descending: true })]).toEqual(["", "sort=-heard", "sort=-name"]);
    expect(read(orderCodec, "sort=nonsense")).toEqual({ by: "name", descending: false });
  });

  it("hold the time range of a device and the ranges before each zoom", () => {
    const since = Date.parse("2026-01-15T12:00:00.123Z");
    const fixed = { kind: "fixed", since, until: since + 60_000 } as const;
    expect(roundTrip(zoomCodec, { range: { kind: "last", length: "hour" }, previous: [] })).toBe("");
    expect(roundTrip(zoomCodec, { range: fixed, previous: [{ kind: "last", length: "week" }, fixed] })).toBe(
      "range=2026-01-15T12:00:00.123Z~2026-01-15T12:01:00.123Z&zoomed=week,2026-01-15T12:00:00.123Z~2026-01-15T12:01:00.123Z",
    );
    for (const query of ["range=nonsense", "range=toString", "range=2026-01-15~2026-01-14", "range=~"]) expect(read(zoomCodec, query).range).toEqual({ kind: "last", length: "hour" });
    const many = Array.from({ length: 20 }, () => fixed);
    expect(read(zoomCodec, queryText(zoomCodec, { range: fixed, previous: many })).previous).toHaveLength(8);
  });

  it("hold the filters of alerts, events and deliveries", () => {
    expect([roundTrip(alertsCodec, unresolved), roundTrip(alertsCodec, { state: "all", severity: "critical", rule: 3, device: "x" })]).toEqual(["", "state=all&severity=critical&rule=3&device=x"]);
    expect([roundTrip(logCodec, everything), roundTrip(logCodec, { ...everything, range: "custom", since: "2026-01-15T13:00", actorId: "7" })]).toEqual(["", "range=custom&since=2026-01-15T13:00&id=7"]);
    expect(roundTrip(deliveriesCodec, { webhook: 2, state: "dead" })).toBe("webhook=2&state=dead");
  });
});

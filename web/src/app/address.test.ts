import { describe, expect, it } from "vitest";

import { zoomWording } from "../features/device/range";
import { filterWording, orderWording } from "../features/fleet/view";
import { filterWording as alertsWording, unresolved } from "../features/alerts/filter";
import { filterWording as logWording, everything } from "../features/security/filter";
import { filterWording as deliveriesWording } from "../features/webhooks/webhooks";
import { type Wording, choice, flag, list, number, partsOf, textOf, word } from "../lib/address";

function written<T>(wording: Wording<T>, value: T): string {
  const query = new URLSearchParams();
  wording.write(value, query);
  for (const name of query.keys()) expect(wording.names).toContain(name);
  return textOf(query);
}

/** What stands in the address, which is read as the same again. */
function there<T>(wording: Wording<T>, value: T): string {
  const text = written(wording, value);
  expect(wording.read(new URLSearchParams(text))).toEqual(value);
  return text;
}
const read = <T>(wording: Wording<T>, text: string): T => wording.read(new URLSearchParams(text));

describe("addresses", () => {
  it("are a path, and what is looked at", () => {
    expect(partsOf("#/devices/7?range=day&q=a?b")).toEqual({ path: "/devices/7", query: "range=day&q=a?b" });
    expect([partsOf(""), partsOf("#/"), partsOf("#")]).toEqual([0, 1, 2].map(() => ({ path: "/", query: "" })));
  });

  it("leave out what is as usual, and are read whatever somebody wrote", () => {
    expect([there(word("q"), ""), there(word("q"), "pompa ł & ?#+%")]).toEqual(["", "q=pompa+%C5%82+%26+%3F%23%2B%25"]);
    expect([there(flag("on", true), true), there(flag("on", true), false), there(flag("on", false), true)]).toEqual(["", "on=no", "on=yes"]);
    expect([there(number("n"), null), there(number("n"), 42)]).toEqual(["", "n=42"]);
    expect(["n=0", "n=-1", "n=1e9", "n=x", "n=99999999999999999999"].map((each) => read(number("n"), each))).toEqual([null, null, null, null, null]);
    const tab = choice("tab", ["charts", "readings"]);
    expect([there(tab, "charts"), there(tab, "readings"), read(tab, "tab=nonsense")]).toEqual(["", "tab=readings", "charts"]);
    expect([there(list("ids", 3), ["a", "b"]), written(list("ids", 1), ["a", "b"]), read(list("ids", 1), "ids=a,b")]).toEqual(["ids=a,b", "", ["a"]]);
  });

  it("say which devices of the fleet, and in which order", () => {
    expect(there(filterWording, { text: "roof", category: "ip_camera", health: "silent" })).toBe("q=roof&category=ip_camera&state=silent");
    expect(read(filterWording, "state=constructor").health).toBeNull();
    expect([there(orderWording, { by: "name", down: false }), there(orderWording, { by: "heard", down: true }), there(orderWording, { by: "name", down: true })]).toEqual(["", "sort=-heard", "sort=-name"]);
    expect(read(orderWording, "sort=nonsense")).toEqual({ by: "name", down: false });
  });

  it("say which time of a device, and the way out of a zoom", () => {
    const since = Date.parse("2026-01-15T12:00:00.123Z");
    const fixed = { kind: "fixed", since, until: since + 60_000 } as const;
    expect(there(zoomWording, { range: { kind: "last", length: "hour" }, before: [] })).toBe("");
    expect(there(zoomWording, { range: fixed, before: [{ kind: "last", length: "week" }, fixed] })).toBe(
      "range=2026-01-15T12:00:00.123Z~2026-01-15T12:01:00.123Z&zoomed=week,2026-01-15T12:00:00.123Z~2026-01-15T12:01:00.123Z",
    );
    for (const each of ["range=nonsense", "range=toString", "range=2026-01-15~2026-01-14", "range=~"]) expect(read(zoomWording, each).range).toEqual({ kind: "last", length: "hour" });
    const many = Array.from({ length: 20 }, () => fixed);
    expect(read(zoomWording, written(zoomWording, { range: fixed, before: many })).before).toHaveLength(8);
  });

  it("say which alerts, events and deliveries", () => {
    expect([there(alertsWording, unresolved), there(alertsWording, { state: "all", severity: "critical", rule: 3, device: "x" })]).toEqual(["", "state=all&severity=critical&rule=3&device=x"]);
    expect([there(logWording, everything), there(logWording, { ...everything, range: "custom", since: "2026-01-15T13:00", actorId: "7" })]).toEqual(["", "range=custom&since=2026-01-15T13:00&id=7"]);
    expect(there(deliveriesWording, { webhook: 2, state: "dead" })).toBe("webhook=2&state=dead");
  });
});

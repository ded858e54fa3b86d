import { describe, expect, it } from "vitest";

import { windowStep, day, hour, localInput, pointsFor, shifted, windowOf, zoomed } from "./range";

const now = 1_000 * hour;

describe("ranges", () => {
  it("follow the clock or are fixed", () => {
    expect(windowOf({ kind: "last", length: "day" }, now)).toEqual({ since: now - day, until: now });
    expect(windowOf({ kind: "fixed", since: 1, until: 2 }, now)).toEqual({ since: 1, until: 2 });
  });

  it("can be zoomed down to a minimum", () => {
    expect(zoomed(now, now + hour)).toEqual({ kind: "fixed", since: now, until: now + hour });
    expect(zoomed(now, now)).toEqual({ kind: "fixed", since: now - 5000, until: now + 5000 });
  });

  it("shift to earlier and later times, but not beyond now", () => {
    expect(shifted({ kind: "last", length: "hour" }, now, -1)).toEqual({ kind: "fixed", since: now - 1.5 * hour, until: now - 0.5 * hour });
    expect(shifted({ kind: "fixed", since: now - 1.25 * hour, until: now - 0.25 * hour }, now, 1)).toEqual({ kind: "fixed", since: now - hour, until: now });
  });

  it("move when the change is visible", () => {
    expect([windowStep({ kind: "last", length: "hour" }), windowStep({ kind: "last", length: "day" })]).toEqual([3600, 86_400]);
    expect(windowStep({ kind: "fixed", since: 0, until: 1 })).toBe(Number.POSITIVE_INFINITY);
  });

  it("request one point per pixel, within the server's bounds", () => {
    expect([pointsFor(0), pointsFor(612.4), pointsFor(9000)]).toEqual([50, 612, 2000]);
  });

  it("fill date-time fields in the viewer's time zone", () => {
    const at = new Date(2026, 0, 15, 9, 5).getTime();
    expect(localInput(at)).toBe("2026-01-15T09:05");
  });
});

import { describe, expect, it } from "vitest";

import { Formats, preferredLanguage, counted } from "./i18n";

describe("languages", () => {
  it("are chosen by the browser's preferences", () => {
    expect(preferredLanguage(["de-DE", "pl-PL", "en"])).toBe("pl");
    expect(preferredLanguage(["en-GB", "pl"])).toBe("en");
    expect(preferredLanguage(["", "fr"])).toBe("en");
  });

  it("have their own plural rules", () => {
    const devices = counted("pl", { one: "# urządzenie", few: "# urządzenia", many: "# urządzeń", other: "# urządzenia" });
    expect([1, 2, 5, 22, 112].map(devices)).toEqual(["1 urządzenie", "2 urządzenia", "5 urządzeń", "22 urządzenia", "112 urządzeń"]);
    const english = counted("en", { one: "# device", other: "# devices" });
    expect([0, 1, 12_345].map(english)).toEqual(["0 devices", "1 device", "12,345 devices"]);
  });
});

describe("formats", () => {
  const noon = Date.parse("2026-01-15T12:00:00Z");

  it("write elapsed times", () => {
    const english = new Formats("en");
    expect(english.ago(noon, noon + 5400)).toBe("5s ago");
    expect(english.ago(noon, noon + 119_000)).toMatch(/^1m(in)? ago$/);
    expect(english.ago(noon, noon + 7_200_000)).toBe("2h ago");
    expect(english.ago(noon, noon + 3 * 86_400_000)).toBe("3d ago");
    expect(english.ago(noon, noon - 60_000)).toBe("0s ago");
  });

  it("write times in the viewer's time zone", () => {
    expect(new Formats("en", "Europe/Warsaw").time(noon)).toBe("Jan 15, 2026, 13:00:00");
    expect(new Formats("pl", "UTC").time(noon)).toBe("15 sty 2026, 12:00:00");
  });

  it("write numbers and sizes", () => {
    expect([new Formats("pl").number(1234.567), new Formats("en").bytes(999), new Formats("en").bytes(2_500_000)]).toEqual(["1234,57", "999 B", "2.5 MB"]);
  });
});

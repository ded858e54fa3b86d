import { describe, expect, it } from "vitest";

import { fleetWords } from "../fleet/text";
import { labelOf, textOf } from "../fleet/values";
import { durationOf } from "../i18n/duration";
import { Formats, type Language } from "../i18n/i18n";
import type { Alert } from "./alerts";
import { summaryOf, summaryWords } from "./summary";

function translated(kind: Alert["kind"], subject: string, summary: string, language: Language = "en"): string | undefined {
  const words = fleetWords[language];
  const formats = new Formats(language);
  const names = { field: (field: string) => labelOf(field, words), value: (field: string, value: Parameters<typeof textOf>[1]) => textOf(field, value, words, formats), duration: durationOf };
  return summaryOf({ kind, subject, summary } as Alert, summaryWords[language], names)?.replaceAll("\u00a0", " ");
}

describe("alert summaries", () => {
  it("are translated for fields, in every form the server sends", () => {
    const field = "metrics.temperature_c";
    expect(translated("field", field, `${field} is 33.4, above 30.`)).toBe("Temperature is 33.4 °C, above 30 °C.");
    expect(translated("field", "battery_pct", "battery_pct is 9, below 15.", "pl")).toBe("Bateria: 9 %, poniżej 15 %.");
    expect(translated("field", field, `${field} is 33.4, outside 12 to 32, and has been for 120s.`)).toBe("Temperature is 33.4 °C, outside 12 °C to 32 °C, and has been for 2 min.");
    expect(translated("field", field, `${field} is 1e+20, and changes by more than 5 per minute.`)).toMatch(/^Temperature is .* °C, and changes by more than 5 °C per minute\.$/);
    expect(translated("field", field, `${field} was 33.4, above 30, and had been for 120s; the reading arrived late.`)).toBe("Temperature was 33.4 °C, above 30 °C, and had been for 2 min; the reading arrived late.");
    expect(translated("field", "battery_pct", "battery_pct was 9, below 15; the reading arrived late.", "pl")).toBe("Bateria – było: 9 %, poniżej 15 %; odczyt przyszedł z opóźnieniem.");
    expect(translated("field", "jam_detected", "jam_detected is true.", "pl")).toBe("Zacięcie: tak.");
    expect(translated("field", "status", 'status is "forced, above 3".')).toBe("Status is forced, above 3.");
    expect(translated("field", "note", 'note is "a long tex….')).toBe('Note is "a long tex….');
  });

  it("are translated for silence and incidents", () => {
    expect(translated("silence", "silence", "No reading for more than 270s.", "pl")).toBe("Brak odczytu przez ponad 4 min 30 s.");
    expect(translated("security", "192.0.2.1", "12 refused sign-ins from 192.0.2.1.", "pl")).toBe("12 odrzuconych logowań z 192.0.2.1.");
    expect(translated("security", "user 2", "A refresh token of user 2 was used again: somebody has a copy of it.", "pl")).toBe("Token odświeżania (user 2) został użyty ponownie: ktoś ma jego kopię.");
    expect(translated("security", "192.0.2.1", "20 forged tokens from 192.0.2.1.")).toBe("20 forged tokens from 192.0.2.1.");
    expect(translated("security", "all sign-ins", "Wrong passwords for 15 accounts, from 1 network.")).toBe("Wrong passwords for 15 accounts, from 1 network.");
    expect(translated("security", "all sign-ins", "Wrong passwords for 30 accounts or more, from 12 networks.", "pl")).toBe("Błędne hasła do 30 kont lub więcej, z 12 sieci.");
    expect(translated("security", "user 7", "user 7 tried to reach 10 devices of other people.", "pl")).toBe("user 7: próby dostępu do 10 urządzeń innych osób.");
    expect(translated("security", "user 7", "12 administrators' calls by user 7 were refused.")).toBe("12 administrator requests by user 7 were refused.");
    expect(translated("security", "192.0.2.1", "30 wrong device secrets from 192.0.2.1, for 5 devices.", "pl")).toBe("30 błędnych sekretów z 192.0.2.1, dla 5 urządzeń.");
    expect(translated("security", "x", "100 readings of the device were refused.", "pl")).toBe("100 odczytów urządzenia zostało odrzuconych.");
    for (const stored of ["This rule raised many alerts at once. The server shows the rest as soon as its limit allows.", "This rule raised more alerts at once than can be listed one by one.", "More alerts of this rule came at once than can be told one by one."]) {
      expect(translated("field", "further devices", stored)).toBe(summaryWords.en.further);
      expect(translated("field", "further devices", stored, "pl")).toBe(summaryWords.pl.further);
    }
  });

  it("are left in English if the sentence is unknown", () => {
    expect(translated("field", "a", "a was strange.")).toBeUndefined();
    expect(translated("security", "a", "Something else.")).toBeUndefined();
  });
});

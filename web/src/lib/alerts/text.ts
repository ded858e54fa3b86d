import { type Dictionary, counted } from "../i18n/i18n";
import type { AlertState, Severity } from "./alerts";

const en = {
  severities: { critical: "Critical", warning: "Warning", info: "Info" } as Record<Severity, string>,
  states: { open: "Open", acknowledged: "Acknowledged", resolved: "Resolved" } as Record<AlertState, string>,
  /** State of an alert whose condition was over before its late readings arrived. */
  late: "Reported late",
  /** Translations of the default rules' names. Other rules keep their own name. */
  rules: {} as Readonly<Record<string, string>>,
  openAlerts: counted("en", { one: "# open alert", other: "# open alerts" }),
  someCritical: counted("en", { one: "# critical", other: "# critical" }),
};

const pl: typeof en = {
  severities: { critical: "Krytyczny", warning: "Ostrzeżenie", info: "Informacja" },
  states: { open: "Otwarty", acknowledged: "Potwierdzony", resolved: "Zamknięty" },
  late: "Zgłoszony z opóźnieniem",
  rules: {
    "Frost or heat outdoors": "Mróz lub upał na zewnątrz",
    Storm: "Wichura",
    "Too cold or too warm indoors": "Za zimno lub za ciepło w pomieszczeniu",
    "Damp air indoors": "Wilgotne powietrze w pomieszczeniu",
    "Camera loses packets": "Kamera gubi pakiety",
    "Camera answers late": "Kamera odpowiada z opóźnieniem",
    "Bad air: carbon dioxide": "Złe powietrze: dwutlenek węgla",
    "Bad air: fine dust": "Złe powietrze: pył zawieszony",
    "Lock is jammed": "Zamek się zaciął",
    "Lock's battery is low": "Słaba bateria zamka",
    "Device is silent": "Urządzenie milczy",
    "Refused sign-ins from one address": "Odrzucone logowania z jednego adresu",
    "Refresh token used twice": "Token odświeżania użyty dwa razy",
    "Forged tokens from one address": "Fałszywe tokeny z jednego adresu",
    "Flood from one device": "Zalew odczytów z jednego urządzenia",
    "Passwords tried on many accounts": "Zgadywanie haseł do wielu kont",
    "One user tries many others' devices": "Użytkownik próbuje dostać się do cudzych urządzeń",
    "Administrators' calls by a user": "Wywołania administratorskie zwykłego użytkownika",
    "Wrong device secrets from one address": "Błędne sekrety urządzeń z jednego adresu",
  },
  openAlerts: counted("pl", { one: "# otwarty alert", few: "# otwarte alerty", many: "# otwartych alertów", other: "# otwartego alertu" }),
  someCritical: counted("pl", { one: "# krytyczny", few: "# krytyczne", many: "# krytycznych", other: "# krytycznego" }),
};

export const alertWords: Dictionary<typeof en> = { en, pl };

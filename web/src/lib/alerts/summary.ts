import type { Value } from "../fleet/fleet";
import { type Dictionary, counted } from "../i18n/i18n";
import type { Alert } from "./alerts";

const en = {
  is: (field: string, value: string, limit: string, hold: string) => `${field} is ${value}${limit}${hold}.`,
  above: (high: string) => `, above ${high}`,
  below: (low: string) => `, below ${low}`,
  outside: (low: string, high: string) => `, outside ${low} to ${high}`,
  faster: (high: string) => `, and changes by more than ${high} a minute`,
  was: (field: string, value: string, limit: string, hold: string) => `${field} was ${value}${limit}${hold}; the reading came late.`,
  hold: (duration: string) => `, and has been for ${duration}`,
  held: (duration: string) => `, and had been for ${duration}`,
  silent: (duration: string) => `No reading for more than ${duration}.`,
  refusedLogins: counted("en", { one: "# refused sign-in", other: "# refused sign-ins" }),
  forgedTokens: counted("en", { one: "# forged token", other: "# forged tokens" }),
  from: (what: string, where: string) => `${what} from ${where}.`,
  replayed: (whose: string) => `A refresh token of ${whose} was used again: somebody has a copy of it.`,
  flood: counted("en", { one: "# reading of the device was refused.", other: "# readings of the device were refused." }),
  accounts: counted("en", { one: "# account", other: "# accounts" }),
  networks: counted("en", { one: "# network", other: "# networks" }),
  devices: counted("en", { one: "# device", other: "# devices" }),
  orMore: (what: string) => `${what} or more`,
  sprayed: (accounts: string, networks: string) => `Wrong passwords for ${accounts}, from ${networks}.`,
  probed: (whose: string, devices: string) => `${whose} tried to reach ${devices} of other people.`,
  adminCalls: counted("en", { one: "# administrators’ call", other: "# administrators’ calls" }),
  adminProbed: (calls: string, whose: string) => `${calls} by ${whose} refused.`,
  secrets: counted("en", { one: "# wrong device secret", other: "# wrong device secrets" }),
  wrongSecrets: (secrets: string, where: string, devices: string) => `${secrets} from ${where}, for ${devices}.`,
  further: "More alerts of this rule came at once than can be told one by one.",
};

const pl: typeof en = {
  is: (field, value, limit, hold) => `${field}: ${value}${limit}${hold}.`,
  above: (high) => `, powyżej ${high}`,
  below: (low) => `, poniżej ${low}`,
  outside: (low, high) => `, poza zakresem od ${low} do ${high}`,
  faster: (high) => `, zmienia się o więcej niż ${high} na minutę`,
  was: (field, value, limit, hold) => `${field} – było: ${value}${limit}${hold}; odczyt przyszedł z opóźnieniem.`,
  hold: (duration) => `, trwa to od ${duration}`,
  held: (duration) => `, trwało to od ${duration}`,
  silent: (duration) => `Brak odczytu przez ponad ${duration}.`,
  refusedLogins: counted("pl", { one: "# odrzucone logowanie", few: "# odrzucone logowania", many: "# odrzuconych logowań", other: "# odrzuconego logowania" }),
  forgedTokens: counted("pl", { one: "# fałszywy token", few: "# fałszywe tokeny", many: "# fałszywych tokenów", other: "# fałszywego tokenu" }),
  from: (what, where) => `${what} z ${where}.`,
  replayed: (whose) => `Token odświeżania (${whose}) został użyty ponownie: ktoś ma jego kopię.`,
  flood: counted("pl", { one: "# odczyt urządzenia został odrzucony.", few: "# odczyty urządzenia zostały odrzucone.", many: "# odczytów urządzenia zostało odrzuconych.", other: "# odczytu urządzenia zostało odrzuconych." }),
  accounts: counted("pl", { one: "# konta", few: "# kont", many: "# kont", other: "# konta" }),
  networks: counted("pl", { one: "# sieci", few: "# sieci", many: "# sieci", other: "# sieci" }),
  devices: counted("pl", { one: "# urządzenia", few: "# urządzeń", many: "# urządzeń", other: "# urządzenia" }),
  orMore: (what) => `${what} lub więcej`,
  sprayed: (accounts, networks) => `Błędne hasła do ${accounts}, z ${networks}.`,
  probed: (whose, devices) => `${whose}: próby dostępu do ${devices} innych osób.`,
  adminCalls: counted("pl", { one: "# odrzucone wywołanie administratorskie", few: "# odrzucone wywołania administratorskie", many: "# odrzuconych wywołań administratorskich", other: "# odrzuconego wywołania administratorskiego" }),
  adminProbed: (calls, whose) => `${calls}: ${whose}.`,
  secrets: counted("pl", { one: "# błędny sekret", few: "# błędne sekrety", many: "# błędnych sekretów", other: "# błędnego sekretu" }),
  wrongSecrets: (secrets, where, devices) => `${secrets} z ${where}, dla ${devices}.`,
  further: "Naraz zgłoszono więcej alertów tej reguły, niż można pokazać pojedynczo.",
};

export const summaryWords: Dictionary<typeof en> = { en, pl };

export type Names = {
  /** What a field is called, and what a value of it looks like. */
  field: (field: string) => string;
  value: (field: string, value: Value) => string;
  duration: (seconds: number) => string;
};

const limits = /^(.*?)(?:, above (-?[\d.]+(?:e[+-]?\d+)?)|, below (-?[\d.]+(?:e[+-]?\d+)?)|, outside (-?[\d.]+(?:e[+-]?\d+)?) to (-?[\d.]+(?:e[+-]?\d+)?)|, and changes by more than (-?[\d.]+(?:e[+-]?\d+)?) a minute)?(?:, and ha[sd] been for (\d+)s)?(; the reading came late)?\.$/s;

function valueOf(token: string): Value {
  try {
    const value: unknown = JSON.parse(token);
    return value === null || ["number", "string", "boolean"].includes(typeof value) ? (value as Value) : token;
  } catch {
    return token; // one that was cut
  }
}

function fieldSummary({ subject, summary }: Alert, words: typeof en, names: Names): string | undefined {
  const start = [`${subject} is `, `${subject} was `].find((each) => summary.startsWith(each));
  const parts = start === undefined ? null : limits.exec(summary.slice(start.length));
  if (start === undefined || parts === null) return undefined;
  const [, value = "", above, below, low, high, faster, hold, late] = parts;
  if ((late !== undefined) !== start.endsWith(" was ")) return undefined;
  const amount = (text: string) => names.value(subject, valueOf(text));
  const limit =
    above !== undefined ? words.above(amount(above)) : below !== undefined ? words.below(amount(below)) : low !== undefined && high !== undefined ? words.outside(amount(low), amount(high)) : faster !== undefined ? words.faster(amount(faster)) : "";
  const [says, lasted] = late === undefined ? [words.is, words.hold] : [words.was, words.held];
  const said = says(names.field(subject), amount(value), limit, hold === undefined ? "" : lasted(names.duration(Number(hold))));
  return said.charAt(0).toLocaleUpperCase() + said.slice(1);
}

function probingSummary(summary: string, words: typeof en): string | undefined {
  const orMore = (said: string, more: string | undefined) => (more === undefined ? said : words.orMore(said));
  const [, accounts, accountsMore, networks] = /^Wrong passwords for (\d+) accounts?( or more)?, from (\d+) networks?\.$/.exec(summary) ?? [];
  if (accounts !== undefined && networks !== undefined) return words.sprayed(orMore(words.accounts(Number(accounts)), accountsMore), words.networks(Number(networks)));
  const [, prober, devices, devicesMore] = /^(.+) tried to reach (\d+) devices?( or more)? of other people\.$/s.exec(summary) ?? [];
  if (prober !== undefined && devices !== undefined) return words.probed(prober, orMore(words.devices(Number(devices)), devicesMore));
  const [, calls, caller] = /^(\d+) administrators' calls by (.+) were refused\.$/s.exec(summary) ?? [];
  if (calls !== undefined && caller !== undefined) return words.adminProbed(words.adminCalls(Number(calls)), caller);
  const [, secrets, where, of, ofMore] = /^(\d+) wrong device secrets from (.+), for (\d+) devices?( or more)?\.$/s.exec(summary) ?? [];
  if (secrets === undefined || where === undefined || of === undefined) return undefined;
  return words.wrongSecrets(words.secrets(Number(secrets)), where, orMore(words.devices(Number(of)), ofMore));
}

/**
 * What happened, in the reader's words. The server says it in English, in the forms of server/alerts/findings.cpp and, where there
 * are too many, alert_service.cpp; one that isn't known here is undefined, and shown as it is.
 */
export function summaryOf(alert: Alert, words: typeof en, names: Names): string | undefined {
  const { kind, summary } = alert;
  if (summary === en.further) return words.further;
  if (kind === "field") return fieldSummary(alert, words, names);
  const silent = /^No reading for more than (\d+)s\.$/.exec(summary)?.[1];
  if (silent !== undefined) return words.silent(names.duration(Number(silent)));
  const [, refused, refusedFrom] = /^(\d+) refused sign-ins from (.+)\.$/s.exec(summary) ?? [];
  if (refused !== undefined && refusedFrom !== undefined) return words.from(words.refusedLogins(Number(refused)), refusedFrom);
  const [, forged, forgedFrom] = /^(\d+) forged tokens from (.+)\.$/s.exec(summary) ?? [];
  if (forged !== undefined && forgedFrom !== undefined) return words.from(words.forgedTokens(Number(forged)), forgedFrom);
  const replayed = /^A refresh token of (.+) was used again: somebody has a copy of it\.$/s.exec(summary)?.[1];
  if (replayed !== undefined) return words.replayed(replayed);
  const flood = /^(\d+) readings of the device were refused\.$/.exec(summary)?.[1];
  if (flood !== undefined) return words.flood(Number(flood));
  return probingSummary(summary, words);
}

import type { Value } from "../fleet/fleet";
import { type Dictionary, counted } from "../i18n/i18n";
import type { Alert } from "./alerts";

const en = {
  is: (field: string, value: string, limit: string, hold: string) => `${field} is ${value}${limit}${hold}.`,
  above: (high: string) => `, above ${high}`,
  below: (low: string) => `, below ${low}`,
  outside: (low: string, high: string) => `, outside ${low} to ${high}`,
  faster: (high: string) => `, and changes by more than ${high} per minute`,
  was: (field: string, value: string, limit: string, hold: string) => `${field} was ${value}${limit}${hold}; the reading arrived late.`,
  hold: (duration: string) => `, and has been for ${duration}`,
  held: (duration: string) => `, and had been for ${duration}`,
  silent: (duration: string) => `No reading for more than ${duration}.`,
  refusedLogins: counted("en", { one: "# refused sign-in", other: "# refused sign-ins" }),
  forgedTokens: counted("en", { one: "# forged token", other: "# forged tokens" }),
  from: (incident: string, where: string) => `${incident} from ${where}.`,
  replayed: (owner: string) => `A refresh token of ${owner} was used again: somebody has a copy of it.`,
  flood: counted("en", { one: "# reading of the device was refused.", other: "# readings of the device were refused." }),
  accounts: counted("en", { one: "# account", other: "# accounts" }),
  networks: counted("en", { one: "# network", other: "# networks" }),
  devices: counted("en", { one: "# device", other: "# devices" }),
  orMore: (quantity: string) => `${quantity} or more`,
  sprayed: (accounts: string, networks: string) => `Wrong passwords for ${accounts}, from ${networks}.`,
  probed: (prober: string, devices: string) => `${prober} tried to reach ${devices} of other people.`,
  adminCalls: counted("en", { one: "# administrator request", other: "# administrator requests" }),
  adminProbed: (calls: string, caller: string) => `${calls} by ${caller} were refused.`,
  secrets: counted("en", { one: "# wrong device secret", other: "# wrong device secrets" }),
  wrongSecrets: (secrets: string, where: string, devices: string) => `${secrets} from ${where}, for ${devices}.`,
  further: "This rule raised many alerts at once. The server shows the rest as soon as its limit allows.",
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
  from: (incident, where) => `${incident} z ${where}.`,
  replayed: (owner) => `Token odświeżania (${owner}) został użyty ponownie: ktoś ma jego kopię.`,
  flood: counted("pl", { one: "# odczyt urządzenia został odrzucony.", few: "# odczyty urządzenia zostały odrzucone.", many: "# odczytów urządzenia zostało odrzuconych.", other: "# odczytu urządzenia zostało odrzuconych." }),
  accounts: counted("pl", { one: "# konta", few: "# kont", many: "# kont", other: "# konta" }),
  networks: counted("pl", { one: "# sieci", few: "# sieci", many: "# sieci", other: "# sieci" }),
  devices: counted("pl", { one: "# urządzenia", few: "# urządzeń", many: "# urządzeń", other: "# urządzenia" }),
  orMore: (quantity) => `${quantity} lub więcej`,
  sprayed: (accounts, networks) => `Błędne hasła do ${accounts}, z ${networks}.`,
  probed: (prober, devices) => `${prober}: próby dostępu do ${devices} innych osób.`,
  adminCalls: counted("pl", { one: "# odrzucone żądanie administratorskie", few: "# odrzucone żądania administratorskie", many: "# odrzuconych żądań administratorskich", other: "# odrzuconego żądania administratorskiego" }),
  adminProbed: (calls, caller) => `${calls}: ${caller}.`,
  secrets: counted("pl", { one: "# błędny sekret", few: "# błędne sekrety", many: "# błędnych sekretów", other: "# błędnego sekretu" }),
  wrongSecrets: (secrets, where, devices) => `${secrets} z ${where}, dla ${devices}.`,
  further: "Ta reguła zgłosiła wiele alertów naraz. Serwer pokaże pozostałe, gdy tylko pozwoli na to limit.",
};

export const summaryWords: Dictionary<typeof en> = { en, pl };

export type Names = {
  /** The labels of fields and the text of their values. */
  field: (field: string) => string;
  value: (field: string, value: Value) => string;
  duration: (seconds: number) => string;
};

/** The current sentence, and those that earlier versions of the server stored. */
const furtherSentences: readonly string[] = [en.further, "This rule raised more alerts at once than can be listed one by one.", "More alerts of this rule came at once than can be told one by one."];

const limits = /^(.*?)(?:, above (-?[\d.]+(?:e[+-]?\d+)?)|, below (-?[\d.]+(?:e[+-]?\d+)?)|, outside (-?[\d.]+(?:e[+-]?\d+)?) to (-?[\d.]+(?:e[+-]?\d+)?)|, and changes by more than (-?[\d.]+(?:e[+-]?\d+)?) (?:per|a) minute)?(?:, and ha[sd] been for (\d+)s)?(; the reading (?:arrived|came) late)?\.$/s;

function valueOf(token: string): Value {
  try {
    const value: unknown = JSON.parse(token);
    return value === null || ["number", "string", "boolean"].includes(typeof value) ? (value as Value) : token;
  } catch {
    return token; // a truncated value
  }
}

function fieldSummary({ subject, summary }: Alert, words: typeof en, names: Names): string | undefined {
  const start = [`${subject} is `, `${subject} was `].find((prefix) => summary.startsWith(prefix));
  const parts = start === undefined ? null : limits.exec(summary.slice(start.length));
  if (start === undefined || parts === null) return undefined;
  const [, value = "", above, below, low, high, faster, hold, late] = parts;
  if ((late !== undefined) !== start.endsWith(" was ")) return undefined;
  const amount = (text: string) => names.value(subject, valueOf(text));
  const limit =
    above !== undefined ? words.above(amount(above)) : below !== undefined ? words.below(amount(below)) : low !== undefined && high !== undefined ? words.outside(amount(low), amount(high)) : faster !== undefined ? words.faster(amount(faster)) : "";
  const [sentenceOf, durationPart] = late === undefined ? [words.is, words.hold] : [words.was, words.held];
  const sentence = sentenceOf(names.field(subject), amount(value), limit, hold === undefined ? "" : durationPart(names.duration(Number(hold))));
  return sentence.charAt(0).toLocaleUpperCase() + sentence.slice(1);
}

function probingSummary(summary: string, words: typeof en): string | undefined {
  const orMore = (quantity: string, more: string | undefined) => (more === undefined ? quantity : words.orMore(quantity));
  const [, accounts, accountsMore, networks] = /^Wrong passwords for (\d+) accounts?( or more)?, from (\d+) networks?\.$/.exec(summary) ?? [];
  if (accounts !== undefined && networks !== undefined) return words.sprayed(orMore(words.accounts(Number(accounts)), accountsMore), words.networks(Number(networks)));
  const [, prober, devices, devicesMore] = /^(.+) tried to reach (\d+) devices?( or more)? of other people\.$/s.exec(summary) ?? [];
  if (prober !== undefined && devices !== undefined) return words.probed(prober, orMore(words.devices(Number(devices)), devicesMore));
  const [, calls, caller] = /^(\d+) administrators' calls by (.+) were refused\.$/s.exec(summary) ?? [];
  if (calls !== undefined && caller !== undefined) return words.adminProbed(words.adminCalls(Number(calls)), caller);
  const [, secrets, source, targets, targetsMore] = /^(\d+) wrong device secrets from (.+), for (\d+) devices?( or more)?\.$/s.exec(summary) ?? [];
  if (secrets === undefined || source === undefined || targets === undefined) return undefined;
  return words.wrongSecrets(words.secrets(Number(secrets)), source, orMore(words.devices(Number(targets)), targetsMore));
}

/**
 * Translates a summary, which the server stores as an English sentence (server/alerts/rule_evaluations.cpp and
 * server/services/alert_service.cpp). Returns undefined for an unknown sentence, which is then shown in English.
 */
export function summaryOf(alert: Alert, words: typeof en, names: Names): string | undefined {
  const { kind, summary } = alert;
  if (furtherSentences.includes(summary)) return words.further;
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

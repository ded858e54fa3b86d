import { type Dictionary, counted } from "../lib/i18n/i18n";

const en = {
  cancel: "Cancel",
  close: "Close",
  tryAgain: "Try again",
  typeToConfirm: (what: string) => `To confirm, type ${what}`,
  never: "never",
  notifications: "Notifications",
  offline: "The server can’t be reached. Is it running, and are you online?",
  unknown: "That didn’t work.",
  signInAgain: "You are not signed in any more. Sign in again.",
  forbidden: "You may not do this. Ask an administrator.",
  gone: "It isn’t there, or not any more. Reload the page to see what there is.",
  tooLarge: "That is too large. Send less at once.",
  invalid: "Something that was entered doesn’t fit.",
  tooOften: (seconds: number) => `Too often. Try again in ${waited.en(seconds)}.`,
  tooOftenSoon: "Too often. Try again in a moment.",
  busy: "The server is busy. Try again in a moment.",
  full: "The server’s disk is full. Nothing was stored.",
  fault: "The server has a fault. Try again; if it stays, tell who runs it the number of the call.",
  callNumber: (id: string) => `Number of the call: ${id}`,
};

const waited = {
  en: counted("en", { one: "# second", other: "# seconds" }),
  pl: counted("pl", { one: "# sekundę", few: "# sekundy", many: "# sekund", other: "# sekundy" }),
};

const pl: typeof en = {
  cancel: "Anuluj",
  close: "Zamknij",
  tryAgain: "Spróbuj ponownie",
  typeToConfirm: (what) => `Aby potwierdzić, wpisz ${what}`,
  never: "nigdy",
  notifications: "Powiadomienia",
  offline: "Serwer jest nieosiągalny. Czy działa i czy masz połączenie z siecią?",
  unknown: "To się nie udało.",
  signInAgain: "Sesja wygasła. Zaloguj się ponownie.",
  forbidden: "Nie masz do tego uprawnień. Zwróć się do administratora.",
  gone: "Tego nie ma lub już nie istnieje. Odśwież stronę, aby zobaczyć stan bieżący.",
  tooLarge: "To jest zbyt duże. Wyślij mniej naraz.",
  invalid: "Wprowadzone dane są nieprawidłowe.",
  tooOften: (seconds) => `Zbyt wiele prób. Spróbuj ponownie za ${waited.pl(seconds)}.`,
  tooOftenSoon: "Zbyt wiele prób. Spróbuj ponownie za chwilę.",
  busy: "Serwer jest przeciążony. Spróbuj ponownie za chwilę.",
  full: "Na serwerze zabrakło miejsca na dysku. Nic nie zapisano.",
  fault: "Błąd serwera. Spróbuj ponownie; jeśli się powtórzy, podaj administratorowi numer wywołania.",
  callNumber: (id) => `Numer wywołania: ${id}`,
};

export const componentsText: Dictionary<typeof en> = { en, pl };

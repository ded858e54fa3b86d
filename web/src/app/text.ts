import type { Dictionary } from "../lib/i18n/i18n";

const en = {
  skip: "Skip to the content",
  pages: "Pages",
  menu: "Menu",
  closeMenu: "Close the menu",
  account: "Account and settings",
  language: "Language",
  appearance: "Appearance",
  light: "Light",
  dark: "Dark",
  auto: "Auto",
  administrator: "Administrator",
  signOut: "Sign out",
  signOutEverywhere: "Sign out everywhere",
  everywhereExplained: "Ends your sign-in here and on every other device and browser, at once. Devices of your fleet go on as they are.",
  live: { connecting: "Connecting …", live: "Live" },
  lost: (since: string) => `Connection lost since ${since}; trying again …`,
  notFound: "There is no such page",
  notFoundExplained: "Its address may be misspelt, or it isn’t for you.",
  toFleet: "To the fleet",
  pageBroke: "This page has a fault. Reload it; nothing that was saved is lost.",
};

const pl: typeof en = {
  skip: "Przejdź do treści",
  pages: "Strony",
  menu: "Menu",
  closeMenu: "Zamknij menu",
  account: "Konto i ustawienia",
  language: "Język",
  appearance: "Wygląd",
  light: "Jasny",
  dark: "Ciemny",
  auto: "Auto",
  administrator: "Administrator",
  signOut: "Wyloguj się",
  signOutEverywhere: "Wyloguj się wszędzie",
  everywhereExplained: "Natychmiast kończy sesję tutaj oraz na wszystkich innych urządzeniach i w innych przeglądarkach. Urządzenia floty działają dalej bez zmian.",
  live: { connecting: "Łączenie …", live: "Na żywo" },
  lost: (since) => `Brak połączenia od ${since}; ponawianie …`,
  notFound: "Nie ma takiej strony",
  notFoundExplained: "Adres może zawierać błąd albo strona nie jest dla Ciebie dostępna.",
  toFleet: "Do floty",
  pageBroke: "Na tej stronie wystąpił błąd. Odśwież ją; nic z zapisanych danych nie przepadło.",
};

export const appText: Dictionary<typeof en> = { en, pl };

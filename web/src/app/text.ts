import type { Dictionary } from "@/lib/i18n/i18n";

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
  everywhereExplained: "Signs you out everywhere at once: in all browsers and desktop clients. The devices of your fleet keep working.",
  live: { connecting: "Connecting …", live: "Live" },
  lost: (since: string) => `No connection since ${since}; retrying …`,
  notFound: "Page not found",
  notFoundExplained: "The address may be misspelt, or you may not have access to this page.",
  toFleet: "Go to the fleet",
  pageBroke: "An error occurred on this page. Reload it; no saved data is lost.",
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
  everywhereExplained: "Natychmiast wylogowuje wszędzie: we wszystkich przeglądarkach i klientach na komputerach. Urządzenia floty działają dalej bez zmian.",
  live: { connecting: "Łączenie …", live: "Na żywo" },
  lost: (since) => `Brak połączenia od ${since}; ponawianie …`,
  notFound: "Nie ma takiej strony",
  notFoundExplained: "Adres może zawierać błąd albo strona nie jest dla Ciebie dostępna.",
  toFleet: "Do floty",
  pageBroke: "Na tej stronie wystąpił błąd. Odśwież ją; zapisane dane nie przepadły.",
};

export const appText: Dictionary<typeof en> = { en, pl };

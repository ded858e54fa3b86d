import type { Dictionary } from "../../lib/i18n/i18n";

const en = {
  changePassword: "Change password",
  changePasswordExplained: "Every sign-in of your account ends at once, this one too. Sign in again with the new password.",
  current: "Current password",
  next: "New password",
  passwordRule: "8 to 128 characters. Passwords known from breaches are refused.",
  wrong: "The current password is wrong.",
  changed: "Your password is changed. Sign in with the new one.",
  sessions: "Your sign-ins",
  sessionsExplained: "Where your account is signed in. End what you don’t know, and change your password then.",
  thisOne: "This browser",
  another: "Another browser or device",
  renewed: "Last renewed",
  expires: "Ends unless renewed",
  end: "End",
  endOf: (when: string) => `End the sign-in that was renewed ${when}`,
  ended: "The sign-in has ended.",
  loading: "Fetching your sign-ins",
};

const pl: typeof en = {
  changePassword: "Zmień hasło",
  changePasswordExplained: "Wszystkie sesje Twojego konta natychmiast się zakończą, także ta. Zaloguj się ponownie nowym hasłem.",
  current: "Obecne hasło",
  next: "Nowe hasło",
  passwordRule: "Od 8 do 128 znaków. Hasła znane z wycieków są odrzucane.",
  wrong: "Obecne hasło jest nieprawidłowe.",
  changed: "Hasło zostało zmienione. Zaloguj się nowym.",
  sessions: "Twoje sesje",
  sessionsExplained: "Gdzie zalogowane jest Twoje konto. Zakończ sesje, których nie znasz, a potem zmień hasło.",
  thisOne: "Ta przeglądarka",
  another: "Inna przeglądarka lub urządzenie",
  renewed: "Ostatnie odnowienie",
  expires: "Wygaśnie bez odnowienia",
  end: "Zakończ",
  endOf: (when) => `Zakończ sesję odnowioną ${when}`,
  ended: "Sesja została zakończona.",
  loading: "Pobieranie sesji",
};

export const accountText: Dictionary<typeof en> = { en, pl };

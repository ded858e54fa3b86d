import type { Dictionary } from "@/lib/i18n/i18n";

const en = {
  changePassword: "Change password",
  changePasswordExplained: "All sessions of your account end at once, including this one. Sign in again with the new password.",
  current: "Current password",
  next: "New password",
  passwordRule: "8 to 128 characters. Passwords known from data breaches are refused.",
  wrong: "The current password is wrong.",
  changed: "Your password was changed. Sign in with the new one.",
  sessions: "Your sessions",
  sessionsExplained: "Where your account is signed in. If you don’t recognise a session, change your password: this ends all sessions at once.",
  thisOne: "This browser",
  another: "Another browser or device",
  renewed: "Last renewed",
  expires: "Expires unless renewed",
  end: "End",
  endOf: (when: string) => `End the session that was renewed ${when}`,
  ended: "The session has ended.",
  loading: "Loading your sessions",
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
  sessionsExplained: "Gdzie zalogowane jest Twoje konto. Jeśli nie znasz którejś sesji, zmień hasło: to natychmiast zakończy wszystkie sesje.",
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

import type { Dictionary } from "@/lib/i18n/i18n";
import type { Ending } from "@/lib/session";

const en = {
  signIn: "Sign in",
  signInExplained: "Sign in to see your fleet.",
  register: "Create an account",
  registerExplained: "Create an account to manage your own fleet.",
  email: "E-mail",
  password: "Password",
  passwordRule: "8 to 128 characters. Passwords known from data breaches are refused.",
  invited: "You are invited. Choose your password.",
  notInvited: "This invitation is not valid: it is unknown, has expired, was already used, or is for another address.",
  byInvitation: "No account yet? Ask an administrator for an invitation.",
  closed: "No account yet? Ask an administrator to create one.",
  toRegister: "No account yet? Create one",
  toSignIn: "I already have an account",
  wrong: "E-mail or password is wrong.",
  taken: "An account with this e-mail address already exists. Sign in instead.",
  again: "Sign in again",
  leave: "Sign out instead",
  unreachable: "You are still signed in. This page opens as soon as the server answers.",
  ended: {
    "signed out": "You are signed out.",
    ended: "Your session has ended: it expired or was ended elsewhere. Sign in again to continue.",
    replaced: "Somebody else signed in with this browser, so your session here has ended.",
  } satisfies Record<Ending, string>,
};

const pl: typeof en = {
  signIn: "Zaloguj się",
  signInExplained: "Zaloguj się, aby zobaczyć swoją flotę.",
  register: "Utwórz konto",
  registerExplained: "Utwórz konto, aby zarządzać własną flotą.",
  email: "E-mail",
  password: "Hasło",
  passwordRule: "Od 8 do 128 znaków. Hasła znane z wycieków są odrzucane.",
  invited: "Masz zaproszenie. Wybierz hasło.",
  notInvited: "To zaproszenie jest nieważne: jest nieznane, wygasło, zostało użyte lub jest dla innego adresu.",
  byInvitation: "Nie masz konta? Poproś administratora o zaproszenie.",
  closed: "Nie masz konta? Poproś administratora o jego utworzenie.",
  toRegister: "Nie masz konta? Utwórz je",
  toSignIn: "Mam już konto",
  wrong: "Nieprawidłowy e-mail lub hasło.",
  taken: "Konto z tym adresem e-mail już istnieje. Zaloguj się.",
  again: "Zaloguj się ponownie",
  leave: "Wyloguj się",
  unreachable: "Nadal jesteś zalogowany. Ta strona otworzy się, gdy tylko serwer odpowie.",
  ended: {
    "signed out": "Wylogowano.",
    ended: "Sesja się zakończyła: wygasła lub zakończono ją w innym miejscu. Zaloguj się ponownie, aby wrócić do przerwanej pracy.",
    replaced: "W tej przeglądarce zalogował się ktoś inny, dlatego Twoja sesja tutaj się zakończyła.",
  },
};

export const sessionText: Dictionary<typeof en> = { en, pl };

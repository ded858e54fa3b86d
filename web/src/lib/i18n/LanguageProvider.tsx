import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from "react";

import { type Dictionary, Formats, type Language, preferredLanguage } from "./i18n";

const storageKey = "breakwater.language";

type Choice = { language: Language; formats: Formats; choose: (language: Language) => void };
const Context = createContext<Choice | undefined>(undefined);

/** Provides the language: the remembered choice, or the browser's. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => preferredLanguage([localStorage.getItem(storageKey) ?? "", ...navigator.languages]));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choice = useMemo(
    () => ({
      language,
      formats: new Formats(language),
      choose: (next: Language) => {
        localStorage.setItem(storageKey, next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return <Context.Provider value={choice}>{children}</Context.Provider>;
}

export function useLanguage(): Choice {
  const choice = useContext(Context);
  if (choice === undefined) throw new Error("There is no LanguageProvider.");
  return choice;
}

/** A feature's texts in the reader's language. */
export function useText<T>(dictionary: Dictionary<T>): T {
  return dictionary[useLanguage().language];
}

export function useFormats(): Formats {
  return useLanguage().formats;
}

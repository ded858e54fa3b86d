import { CloseButton, Paper, Portal, Text } from "@mantine/core";
import { type ReactNode, createContext, useCallback, useContext, useRef, useState } from "react";

import { useText } from "../lib/i18n/LanguageProvider";
import { componentsText } from "./text";

type Toast = { id: number; message: string };
const Context = createContext<((message: string) => void) | undefined>(undefined);
const shownFor = 6000;

/** Says briefly that something was done. */
export function ToastsProvider({ children }: { children: ReactNode }) {
  const text = useText(componentsText);
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(0);
  const remove = (id: number) => setToasts((all) => all.filter((each) => each.id !== id));
  const toast = useCallback((message: string) => {
    const id = ++next.current;
    setToasts((all) => [...all.slice(-2), { id, message }]);
    setTimeout(() => remove(id), shownFor);
  }, []);
  return (
    <Context.Provider value={toast}>
      {children}
      <Portal>
        <div className="toasts" role="status" aria-label={text.notifications}>
          {toasts.map((each) => (
            <Paper key={each.id} className="toast" withBorder shadow="md" p="sm">
              <Text size="sm">{each.message}</Text>
              <CloseButton size="sm" aria-label={text.close} onClick={() => remove(each.id)} />
            </Paper>
          ))}
        </div>
      </Portal>
    </Context.Provider>
  );
}

export function useToast(): (message: string) => void {
  const toast = useContext(Context);
  if (toast === undefined) throw new Error("There is no ToastsProvider.");
  return toast;
}

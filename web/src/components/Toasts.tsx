import { Anchor, CloseButton, Paper, Portal, Text } from "@mantine/core";
import { type ReactNode, createContext, useCallback, useContext, useRef, useState } from "react";

import { useText } from "../lib/i18n/LanguageProvider";
import { componentsText } from "./text";

/** Where to see more. */
type Way = { name: string; href: string };
type Toast = { id: number; message: string; way: Way | undefined };
type Tell = (message: string, way?: Way) => void;
const Context = createContext<Tell | undefined>(undefined);
const shownFor = 6000;

/** Says briefly that something was done. */
export function ToastsProvider({ children }: { children: ReactNode }) {
  const text = useText(componentsText);
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(0);
  const remove = (id: number) => setToasts((all) => all.filter((each) => each.id !== id));
  const toast = useCallback<Tell>((message, way) => {
    const id = ++next.current;
    setToasts((all) => [...all.slice(-2), { id, message, way }]);
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
              {each.way !== undefined && (
                <Anchor size="sm" href={each.way.href} onClick={() => remove(each.id)} style={{ whiteSpace: "nowrap" }}>
                  {each.way.name}
                </Anchor>
              )}
              <CloseButton size="sm" aria-label={text.close} onClick={() => remove(each.id)} />
            </Paper>
          ))}
        </div>
      </Portal>
    </Context.Provider>
  );
}

export function useToast(): Tell {
  const toast = useContext(Context);
  if (toast === undefined) throw new Error("There is no ToastsProvider.");
  return toast;
}

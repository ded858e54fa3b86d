import { useEffect } from "react";

/** What to go back to: the control itself, or for an entry of a menu, which is gone by then, the menu's. */
function originOf(element: Element | null): HTMLElement | null {
  const target = element?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const origin = target ? document.getElementById(target) : element;
  return origin instanceof HTMLElement ? origin : null;
}

/** Gives the focus back, when what took it is gone, to where it was. For dialogs that are there only while they are open. */
export function useReturnFocus(): void {
  useEffect(() => {
    const origin = originOf(document.activeElement);
    // A dialog's own trap lets go a moment later.
    return () => void setTimeout(() => origin?.isConnected && origin.focus({ preventScroll: true }));
  }, []);
}

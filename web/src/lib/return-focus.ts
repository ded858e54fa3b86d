import { useEffect } from "react";

/** The element to return to: the control itself, or the menu button for a menu item, which no longer exists by then. */
function originOf(element: Element | null): HTMLElement | null {
  const target = element?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const origin = target ? document.getElementById(target) : element;
  return origin instanceof HTMLElement ? origin : null;
}

/** Returns the focus on unmount. For dialogs that are mounted only while they are open. */
export function useReturnFocus(): void {
  useEffect(() => {
    const origin = originOf(document.activeElement);
    // The dialog's focus trap is released a moment later.
    return () => void setTimeout(() => origin?.isConnected && origin.focus({ preventScroll: true }));
  }, []);
}

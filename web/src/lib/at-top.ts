import { useSyncExternalStore } from "react";

const threshold = 80;

function watch(changed: () => void): () => void {
  addEventListener("scroll", changed, { passive: true });
  return () => removeEventListener("scroll", changed);
}

/** Whether the window shows the top of the page, so that items added there move nothing that is being read. */
export function useAtTop(): boolean {
  return useSyncExternalStore(watch, () => scrollY <= threshold);
}

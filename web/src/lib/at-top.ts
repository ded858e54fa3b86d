import { useSyncExternalStore } from "react";

const near = 80;

function watch(changed: () => void): () => void {
  addEventListener("scroll", changed, { passive: true });
  return () => removeEventListener("scroll", changed);
}

/** Whether the window shows the top of the page: what comes in at the top moves nothing that is being read. */
export function useAtTop(): boolean {
  return useSyncExternalStore(watch, () => scrollY <= near);
}

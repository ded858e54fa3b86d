import { useEffect, useRef, useState } from "react";

/** So far below what is in sight something is drawn already, in pixels. */
const ahead = "400px";

/** Whether an element has come into sight, or near it: what costs to draw waits for that. */
export function useSeen(): { ref: React.RefObject<HTMLElement>; seen: boolean } {
  const ref = useRef<HTMLElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null || seen) return;
    const observer = new IntersectionObserver((entries) => setSeen(entries.some((each) => each.isIntersecting)), { rootMargin: ahead });
    observer.observe(element);
    return () => observer.disconnect();
  }, [seen]);
  return { ref, seen };
}

import { useEffect, useRef, useState } from "react";

/** Elements this far outside the viewport are drawn already. */
const margin = "400px";

/** Whether the element was ever in or near the viewport. Expensive content waits for that. */
export function useInView(): { ref: React.RefObject<HTMLElement>; inView: boolean } {
  const ref = useRef<HTMLElement>(null);
  const [inView, setInView] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null || inView) return;
    const observer = new IntersectionObserver((entries) => setInView(entries.some((entry) => entry.isIntersecting)), { rootMargin: margin });
    observer.observe(element);
    return () => observer.disconnect();
  }, [inView]);
  return { ref, inView };
}

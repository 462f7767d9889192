// Where somebody was in the list, for when they come back to it.
import { useLayoutEffect } from "preact/hooks";

const places = new Map<string, number>();

// The list is shorter than the place until it has been drawn, so the browser cannot find it.
if ("scrollRestoration" in history) history.scrollRestoration = "manual";

/** Goes back to the place in the list of this address, once its rows are there, and keeps it. */
export function usePlace(ready: boolean): void {
  useLayoutEffect(() => {
    if (!ready) return;
    const address = location.pathname + location.search;
    // The page that was left may still scroll this one to its top.
    const back = requestAnimationFrame(() => scrollTo(0, places.get(address) ?? 0));
    const keep = () => {
      if (location.pathname + location.search === address) places.set(address, scrollY);
    };
    const begin = setTimeout(() => addEventListener("scroll", keep, { passive: true }), 100);
    return () => {
      cancelAnimationFrame(back);
      clearTimeout(begin);
      removeEventListener("scroll", keep);
    };
  }, [ready]);
}

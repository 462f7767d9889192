// What is left until a moment of the service's clock, kept current on the page.
import { useEffect, useState } from "preact/hooks";

import { serverClock } from "./clock";

/** Milliseconds until then, never below 0. */
export function useCountdown(deadline: number): number {
  const left = () => Math.max(0, deadline - serverClock.now());
  const [shown, setShown] = useState(left);
  useEffect(() => {
    let timer = 0;
    const tick = () => {
      const now = left();
      setShown(now);
      // The next change of the seconds that are shown, and no sooner.
      if (now > 0) timer = window.setTimeout(tick, (now % 1_000) + 5);
    };
    tick();
    // A page that was asleep has its timers late.
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, [deadline]);
  return shown;
}

// What is free at a concert, for as long as its page is open.
import { useEffect, useState } from "preact/hooks";

import { watch, type Seen } from "../live/watch";
import type { House } from "../map/house";

export function useSeen(concert: string, house: House | undefined): Seen | null {
  const [seen, setSeen] = useState<Seen | null>(null);
  useEffect(() => {
    if (house === undefined) return;
    return watch(concert, house.count, setSeen);
  }, [concert, house]);
  return seen;
}

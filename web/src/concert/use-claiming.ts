// From a choice to a hold: claims it, and goes to the hold's page.
import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";

import { Problem } from "../api/problem";
import type { Reservation } from "../api/queries";
import { change, type Claim, type Selected } from "../api/reservations";
import type { House } from "../map/house";
import type { Choice } from "./choice";
import { claim, pendingClaim, resumeClaim } from "./claim";

export interface Best {
  quantity: number;
  category: string | null;
  accessible: boolean;
}

export function useClaiming(concert: string, hold: Reservation | null, onGone: (ids: string[]) => void) {
  const { route } = useLocation();
  const [busy, setBusy] = useState(() => pendingClaim(concert) !== null);
  const [error, setError] = useState<Problem | null>(null);

  const run = async (send: () => Promise<Reservation>) => {
    setBusy(true);
    setError(null);
    try {
      const held = await send();
      // It stays busy: until the other page is there, what is held must not look as if it were lost.
      route(`/holds/${held.concert}/${held.id}`);
    } catch (caught) {
      setBusy(false);
      if (!(caught instanceof Problem)) throw caught;
      setError(caught);
      onGone(caught.texts("conflicts"));
    }
  };

  // A claim whose answer the page did not live to see.
  useEffect(() => {
    const resumed = resumeClaim(concert);
    if (resumed !== null) void run(() => resumed);
  }, [concert]);

  return {
    busy,
    error,
    hold: (house: House, choice: Choice) => {
      const body = selected(house, choice);
      void run(() => (hold === null ? claim(concert, body) : change(concert, hold.id, body)));
    },
    best: ({ quantity, category, accessible }: Best) => {
      const wish = { quantity, accessible, ...(category === null ? {} : { category }) };
      void run(() => claim(concert, { best_available: wish } as Claim));
    },
  };
}

function selected(house: House, { seats, areas }: Choice): Selected {
  const places = Object.entries(areas).map(([area, quantity]) => ({ area, quantity }));
  return { seats: seats.map((seat) => house.idOf(seat)), areas: places };
}

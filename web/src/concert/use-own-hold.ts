// What this browser's session holds here already. It is the same hold in every tab, and is changed,
// not added to: nobody is kept from seats by what they hold themselves.
import { useQuery } from "@tanstack/preact-query";
import { useEffect } from "preact/hooks";

import { ownReservations, type Reservation } from "../api/queries";
import { mayHaveSession } from "../api/session";
import { serverClock } from "../hold/clock";
import { rememberHold } from "../hold/memory";

export interface Own {
  /** The hold that is running, if there is one. */
  hold: Reservation | null;
  /** Whether that is known yet. */
  known: boolean;
}

export function useOwnHold(concert: string): Own {
  const enabled = mayHaveSession();
  const found = useQuery({ ...ownReservations(concert), enabled, retry: false });
  const hold = found.data?.find(({ state, deadline }) => state === "held" && Date.parse(deadline) > serverClock.now());
  useEffect(() => {
    if (hold !== undefined) rememberHold(hold);
  }, [hold]);
  return { hold: hold ?? null, known: !enabled || !found.isPending };
}

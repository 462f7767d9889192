// What is chosen on the page: it begins with what is held, and loses at once what is gone.
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";

import type { Reservation } from "../api/queries";
import type { House } from "../map/house";
import { FREE } from "../map/states";
import type { Seen } from "../live/watch";
import { text } from "../text/en";
import { alike } from "./alike";
import { NOTHING, lostOf, sizeOf, toggled, withPlaces, without, type Choice } from "./choice";
import type { Loss } from "./lost";
import { fullName, nameOf } from "./seat-text";

const OFFERS_MAX = 3;

export function useChoice(
  house: House | undefined,
  seen: Seen | null,
  hold: Reservation | null,
  most: number,
  /** A claim is on its way: seats may be seen as held that are about to be one's own. */
  claiming: boolean,
) {
  const [choice, setChoice] = useState<Choice>(NOTHING);
  const [loss, setLoss] = useState<Loss | null>(null);
  const mine = useMemo(() => new Set(house === undefined ? [] : seatsOf(house, hold)), [house, hold?.id, hold?.version]);
  const isFree = useCallback((seat: number) => mine.has(seat) || seen?.states[seat] === FREE, [mine, seen]);

  // What is held is where a change begins.
  useEffect(() => {
    if (house === undefined || hold === null) return;
    const areas = Object.fromEntries(hold.areas.map(({ area, quantity }) => [area, quantity]));
    setChoice({ seats: [...mine].sort((one, other) => one - other), areas });
  }, [mine]);

  const lose = useCallback(
    (gone: readonly number[]) => {
      if (house === undefined || gone.length === 0) return;
      const [first = 0] = gone;
      const said = gone.length === 1 ? text.concert.lost(fullName(nameOf(house, first))) : text.concert.lostMany(gone.length);
      const free = (seat: number) => isFree(seat) && !gone.includes(seat) && !house.accessible.has(seat);
      setLoss({ said, offers: alike(house, free, gone, Math.max(choice.seats.length, gone.length), OFFERS_MAX) });
      setChoice((before) => without(before, gone));
    },
    [house, isFree, choice],
  );

  useEffect(() => {
    if (seen === null || claiming) return;
    lose(lostOf(choice, (seat) => mine.has(seat), (seat) => seen.states[seat] === FREE));
  }, [seen, claiming]);

  return {
    choice,
    loss,
    isFree,
    isMine: (seat: number) => mine.has(seat),
    lose,
    isFull: sizeOf(choice) >= most,
    toggle: (seat: number) => setChoice((before) => toggled(before, seat, most)),
    places: (area: string, quantity: number) => setChoice((before) => withPlaces(before, area, quantity, most)),
    take: (seats: readonly number[]) => {
      setChoice((before) => ({ ...before, seats }));
      setLoss(null);
    },
    forgive: () => setLoss(null),
  };
}

function seatsOf(house: House, hold: Reservation | null): number[] {
  return (hold?.seats ?? []).map(({ seat }) => house.find(seat)).filter((seat) => seat >= 0);
}

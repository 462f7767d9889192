// What somebody has chosen so far: seats by their number, and places in standing areas by their id.
export interface Choice {
  seats: readonly number[];
  areas: Readonly<Record<string, number>>;
}

export const NOTHING: Choice = { seats: [], areas: {} };

export function sizeOf({ seats, areas }: Choice): number {
  return seats.length + Object.values(areas).reduce((sum, quantity) => sum + quantity, 0);
}

/** With the seat if it was not there, without it if it was; the same if there is no room for it. */
export function toggled(choice: Choice, seat: number, most: number): Choice {
  if (choice.seats.includes(seat)) return { ...choice, seats: choice.seats.filter((other) => other !== seat) };
  if (sizeOf(choice) >= most) return choice;
  return { ...choice, seats: [...choice.seats, seat].sort((one, other) => one - other) };
}

export function withPlaces(choice: Choice, area: string, quantity: number, most: number): Choice {
  const others = sizeOf(choice) - (choice.areas[area] ?? 0);
  const bounded = Math.max(0, Math.min(quantity, most - others));
  const areas = { ...choice.areas, [area]: bounded };
  if (bounded === 0) delete areas[area];
  return { ...choice, areas };
}

/** Those of the chosen seats that are gone by now. */
export function lostOf(choice: Choice, isMine: (seat: number) => boolean, isFree: (seat: number) => boolean): number[] {
  return choice.seats.filter((seat) => !isFree(seat) && !isMine(seat));
}

export function without(choice: Choice, seats: readonly number[]): Choice {
  if (seats.length === 0) return choice;
  return { ...choice, seats: choice.seats.filter((seat) => !seats.includes(seat)) };
}

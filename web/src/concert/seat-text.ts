// How a seat is called.
import type { House } from "../map/house";
import { text } from "../text/en";

export interface SeatName {
  section: string;
  row: string;
  seat: string;
}

export function nameOf(house: House, seat: number): SeatName {
  const row = house.rows[house.rowOf[seat] ?? 0];
  return {
    section: house.sections[row?.section ?? 0]?.name ?? "",
    row: row?.label ?? "",
    seat: house.labelOf(seat),
  };
}

/** "Stalls, row F, seat 7": enough to find it. */
export function fullName({ section, row, seat }: SeatName): string {
  return `${section}, ${text.concert.rowSeat(row, seat).toLowerCase()}`;
}

/** "Stalls, row F, seats 7–9" for seats of one row, side by side. */
export function runName(house: House, seats: readonly number[]): string {
  const [first, last] = [seats[0], seats.at(-1)];
  if (first === undefined || last === undefined) return "";
  const { section, row, seat } = nameOf(house, first);
  if (first === last) return fullName({ section, row, seat });
  return `${section}, ${text.concert.rowSeats(row, seat, house.labelOf(last))}`;
}

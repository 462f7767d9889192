// What comes nearest to seats that are gone: as many side by side, of the same price if there are
// any, and as near to where they were as can be.
import type { House } from "../map/house";

/** A gap more than this many times as wide as usual is an aisle. */
const AISLE = 1.6;
/** How much farther away seats of another price may be taken to be. */
const OTHER_PRICE = 8;

export interface Offer {
  seats: number[];
}

/** The nearest `count` seats to where `gone` were that are side by side and `free`, from `most` rows. */
export function alike(
  house: House,
  free: (seat: number) => boolean,
  gone: readonly number[],
  count: number,
  most: number,
): Offer[] {
  const like = gone[0];
  if (like === undefined || count < 1) return [];
  const category = house.category[like];
  const middle = (seats: readonly number[], of: Float32Array) => seats.reduce((sum, seat) => sum + (of[seat] ?? 0), 0) / seats.length;
  const [x, y] = [middle(gone, house.x), middle(gone, house.y)];
  const found: { seats: number[]; distance: number }[] = [];
  for (const { first, end } of house.rows) {
    let best: { seats: number[]; distance: number } | null = null;
    let run = 0;
    for (let seat = first; seat < end; seat += 1) {
      run = free(seat) ? (seat > first && run > 0 && isBeside(house, seat - 1, seat) ? run + 1 : 1) : 0;
      if (run < count) continue;
      const centre = seat - (count - 1) / 2;
      const [cx, cy] = [at(house.x, centre), at(house.y, centre)];
      const other = house.category[seat] === category && house.category[seat - count + 1] === category ? 0 : OTHER_PRICE;
      const distance = Math.hypot(cx - x, cy - y) + other * house.pitch;
      if (best === null || distance < best.distance) {
        best = { seats: Array.from({ length: count }, (_, index) => seat - count + 1 + index), distance };
      }
    }
    if (best !== null) found.push(best);
  }
  found.sort((one, other) => one.distance - other.distance);
  return found.slice(0, most).map(({ seats }) => ({ seats }));
}

function at(of: Float32Array, seat: number): number {
  const [low, high] = [of[Math.floor(seat)] ?? 0, of[Math.ceil(seat)] ?? 0];
  return (low + high) / 2;
}

function isBeside(house: House, one: number, other: number): boolean {
  const apart = Math.hypot(
    (house.x[one] ?? 0) - (house.x[other] ?? 0),
    (house.y[one] ?? 0) - (house.y[other] ?? 0),
  );
  return apart <= house.pitch * AISLE;
}

// Seat states: two bits a seat on the wire, a byte a seat here.
export const FREE = 0;
export const HELD = 1;
export const SOLD = 2;
export const BLOCKED = 3;

/** The states in an availability's `states`. */
export function unpack(base64: string, count: number): Uint8Array {
  const packed = atob(base64);
  const states = new Uint8Array(count);
  for (let seat = 0; seat < count; seat += 1) {
    states[seat] = (packed.charCodeAt(seat >> 2) >> (6 - 2 * (seat & 3))) & 3;
  }
  return states;
}

/** The seats whose state is another than before. */
export function changes(before: Uint8Array, after: Uint8Array): number[] {
  const changed: number[] = [];
  for (let seat = 0; seat < after.length; seat += 1) {
    if (before[seat] !== after[seat]) changed.push(seat);
  }
  return changed;
}

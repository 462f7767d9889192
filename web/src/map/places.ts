// Which seat is near a point: seats in the cells of a grid, in one array, cell after cell.
import type { House } from "./house";

/** Cells are so many seats wide. */
const SEATS_ACROSS = 4;

export interface Places {
  /** The seat nearest to a point and not farther than `within`, or -1. */
  nearest(x: number, y: number, within: number, wanted?: (seat: number) => boolean): number;
}

export function placesOf(house: House): Places {
  const size = house.pitch * SEATS_ACROSS;
  const columns = Math.max(1, Math.ceil(house.width / size) + 1);
  const lines = Math.max(1, Math.ceil(house.height / size) + 1);
  const column = (x: number) => Math.min(columns - 1, Math.max(0, Math.floor(x / size)));
  const line = (y: number) => Math.min(lines - 1, Math.max(0, Math.floor(y / size)));
  const cellOf = new Uint32Array(house.count);
  const begins = new Uint32Array(columns * lines + 1);
  for (let seat = 0; seat < house.count; seat += 1) {
    const cell = line(house.y[seat] ?? 0) * columns + column(house.x[seat] ?? 0);
    cellOf[seat] = cell;
    begins[cell + 1] = (begins[cell + 1] ?? 0) + 1;
  }
  for (let cell = 0; cell < columns * lines; cell += 1) begins[cell + 1] = (begins[cell + 1] ?? 0) + (begins[cell] ?? 0);
  const seats = new Uint32Array(house.count);
  const filled = begins.slice();
  for (let seat = 0; seat < house.count; seat += 1) {
    const cell = cellOf[seat] ?? 0;
    seats[filled[cell] ?? 0] = seat;
    filled[cell] = (filled[cell] ?? 0) + 1;
  }

  return {
    nearest(x, y, within, wanted) {
      let [best, bestDistance] = [-1, within];
      for (let row = line(y - within); row <= line(y + within); row += 1) {
        const [from, to] = [row * columns + column(x - within), row * columns + column(x + within)];
        for (let index = begins[from] ?? 0; index < (begins[to + 1] ?? 0); index += 1) {
          const seat = seats[index] ?? 0;
          const distance = Math.hypot((house.x[seat] ?? 0) - x, (house.y[seat] ?? 0) - y);
          if (distance < bestDistance && (wanted === undefined || wanted(seat))) {
            [best, bestDistance] = [seat, distance];
          }
        }
      }
      return best;
    },
  };
}

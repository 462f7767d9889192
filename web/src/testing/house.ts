// A small house for tests: straight rows of seats 20 apart, numbered from the left.
import type { Schemas } from "../api/client";
import { houseOf, type House } from "../map/house";

/** Rows front to back; each is how many seats it has, and which category they are of. */
export function houseWith(rows: readonly (readonly [seats: number, category: number])[]): House {
  const drawn = rows.map(([seats, category], row) => {
    const numbers = Array.from({ length: seats }, (_, index) => index + 1);
    return {
      label: String.fromCharCode(65 + row),
      ids: numbers.map((number) => `${String.fromCharCode(65 + row)}-${number}`),
      labels: numbers.map(String),
      categories: numbers.map(() => category),
      x: numbers.map((number) => number * 20),
      y: numbers.map(() => row * 20),
    };
  });
  const body = {
    id: "", name: "", version: 1, capacity: 0, width: 400, height: 400, focus: null,
    categories: [], sections: [{ name: "Stalls", rows: drawn }], areas: [], accessible: [],
  };
  return houseOf(body as Schemas["SeatMap"]);
}

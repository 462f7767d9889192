// What is left, counted for the lists on the page.
import type { House } from "../map/house";
import { FREE } from "../map/states";
import type { Seen } from "../live/watch";

export interface Tally {
  /** Free seats and places of each category. */
  categories: number[];
  sections: number[];
}

export function tally(house: House, categories: number, { states, places }: Seen): Tally {
  const counted = { categories: new Array<number>(categories).fill(0), sections: house.sections.map(() => 0) };
  for (const [section, { first, end }] of house.sections.entries()) {
    let free = 0;
    for (let seat = first; seat < end; seat += 1) {
      if (states[seat] !== FREE) continue;
      free += 1;
      const category = house.category[seat] ?? 0;
      counted.categories[category] = (counted.categories[category] ?? 0) + 1;
    }
    counted.sections[section] = free;
  }
  for (const [index, { category }] of house.areas.entries()) {
    counted.categories[category] = (counted.categories[category] ?? 0) + (places[index] ?? 0);
  }
  return counted;
}

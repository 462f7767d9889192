// What the filters offer.
import { month } from "../text/format";

/** Months that can be chosen, this one first. */
const MONTHS = 26;
/** The demo season's cities. A service with others finds them by its search field all the same. */
const CITIES = [
  "Berlin", "Chicago", "Copenhagen", "Glasgow", "Kraków", "Lisbon", "London", "Lyon",
  "Melbourne", "Montréal", "New York", "Paris", "São Paulo", "Tokyo", "Zürich",
];

/** The cities, and with them the one that an address asks for. */
export function cities(chosen: string): string[] {
  return chosen === "" || CITIES.includes(chosen) ? CITIES : [chosen, ...CITIES];
}

export function monthsFrom(now: Date): { key: string; name: string }[] {
  return Array.from({ length: MONTHS }, (_, index) => {
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + index, 1));
    return { key: first.toISOString().slice(0, 7), name: month(first.toISOString(), "UTC") };
  });
}

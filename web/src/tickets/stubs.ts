// A purchase as tickets: one for each seat, and one for each place in a standing area.
import type { Purchase } from "../api/queries";

export interface Stub {
  /** What its code says it is for. */
  place: string;
  section: string;
  /** Nothing where people stand. */
  row: string | null;
  seat: string | null;
  category: string;
}

export function stubsOf({ seats, areas }: Purchase): Stub[] {
  const seated = seats.map(({ seat, section, row, label, category }) => ({ place: seat, section, row, seat: label, category }));
  const standing = areas.flatMap(({ area, name, quantity, category }) =>
    Array.from({ length: quantity }, (_, index) => ({ place: `${area}.${index + 1}`, section: name, row: null, seat: null, category })),
  );
  return [...seated, ...standing];
}

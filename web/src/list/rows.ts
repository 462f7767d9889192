// The list as rows: a heading where a month begins, and under it as many concerts as fit side by
// side. Rows are what the list draws when they come into sight.
import type { ConcertItem } from "../api/queries";
import { month } from "../text/format";

export type Row = { kind: "month"; name: string } | { kind: "concerts"; concerts: ConcertItem[] };

export function rowsOf(concerts: readonly ConcertItem[], columns: number): Row[] {
  const rows: Row[] = [];
  let current = "";
  let open: ConcertItem[] | null = null;
  for (const concert of concerts) {
    const name = month(concert.starts_at, concert.venue.time_zone);
    if (name !== current) {
      rows.push({ kind: "month", name });
      current = name;
      open = null;
    }
    if (open === null || open.length === columns) {
      open = [];
      rows.push({ kind: "concerts", concerts: open });
    }
    open.push(concert);
  }
  return rows;
}

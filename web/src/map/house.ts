// A seat map as it is drawn and searched: numbers in flat arrays, by the number that a seat has in
// it. Names stay where they came in, and are looked up when somebody asks for one.
import type { Schemas } from "../api/client";

type SeatMapBody = Schemas["SeatMap"];

export interface Row {
  label: string;
  /** Its section, as an index. */
  section: number;
  /** Its seats: from here ... */
  first: number;
  /** ... to just before here. */
  end: number;
}

export interface Section {
  name: string;
  firstRow: number;
  endRow: number;
  first: number;
  end: number;
}

export interface Area {
  id: string;
  name: string;
  section: number;
  category: number;
  capacity: number;
  outline: readonly (readonly [number, number])[];
}

export interface House {
  width: number;
  height: number;
  /** How many seats there are. */
  count: number;
  x: Float32Array;
  y: Float32Array;
  category: Uint16Array;
  /** Each seat's row, as an index. */
  rowOf: Uint32Array;
  rows: Row[];
  sections: Section[];
  areas: Area[];
  accessible: ReadonlySet<number>;
  /** Where everybody looks, if there are seats. */
  focus: readonly [number, number] | null;
  /** How far apart neighbours usually are. */
  pitch: number;
  idOf(seat: number): string;
  labelOf(seat: number): string;
  /** The number of a seat by its id, or -1. */
  find(id: string): number;
}

export function houseOf(body: SeatMapBody): House {
  const count = body.sections.reduce((sum, { rows }) => rows.reduce((it, row) => it + row.ids.length, sum), 0);
  const [x, y] = [new Float32Array(count), new Float32Array(count)];
  const [category, rowOf] = [new Uint16Array(count), new Uint32Array(count)];
  const [rows, sections]: [Row[], Section[]] = [[], []];
  const [ids, labels]: [string[][], string[][]] = [[], []];
  let seat = 0;
  body.sections.forEach(({ name, rows: own }, section) => {
    const [firstRow, first] = [rows.length, seat];
    for (const row of own) {
      x.set(row.x, seat);
      y.set(row.y, seat);
      category.set(row.categories, seat);
      rowOf.fill(rows.length, seat, seat + row.ids.length);
      ids.push(row.ids);
      labels.push(row.labels);
      rows.push({ label: row.label, section, first: seat, end: seat + row.ids.length });
      seat += row.ids.length;
    }
    sections.push({ name, firstRow, endRow: rows.length, first, end: seat });
  });
  const inRow = (texts: string[][], number: number): string => {
    const row = rowOf[number] ?? 0;
    return texts[row]?.[number - (rows[row]?.first ?? 0)] ?? "";
  };
  const find = (id: string): number => {
    for (const [row, own] of ids.entries()) {
      const place = own.indexOf(id);
      if (place >= 0) return (rows[row]?.first ?? 0) + place;
    }
    return -1;
  };
  const { width, height } = body;
  const areas = body.areas.map((area) => ({ ...area, outline: area.outline as [number, number][] }));
  const focus = (body as { focus?: [number, number] | null }).focus ?? null;
  const accessible = new Set(body.accessible);
  return {
    width, height, count, x, y, category, rowOf, rows, sections, areas, accessible, focus,
    pitch: pitchOf(rows, x, y),
    idOf: (number) => inRow(ids, number),
    labelOf: (number) => inRow(labels, number),
    find,
  };
}

/** The median distance of neighbours, of up to a few hundred rows. */
function pitchOf(rows: readonly Row[], x: Float32Array, y: Float32Array): number {
  const distances: number[] = [];
  const step = Math.max(1, Math.floor(rows.length / 300));
  for (let row = 0; row < rows.length; row += step) {
    const { first = 0, end = 0 } = rows[row] ?? {};
    for (let seat = first + 1; seat < Math.min(end, first + 6); seat += 1) {
      distances.push(Math.hypot((x[seat] ?? 0) - (x[seat - 1] ?? 0), (y[seat] ?? 0) - (y[seat - 1] ?? 0)));
    }
  }
  distances.sort((one, other) => one - other);
  return distances[Math.floor(distances.length / 2)] || 20;
}

// The shape of a section: around its rows, from the ends of the first to the ends of the last. Rows
// that curve give a shape that curves, which a convex hull would not.
import type { House, Row, Section } from "./house";

export type Point = readonly [number, number];

export interface Outline {
  points: Point[];
  /** Left, top, right, bottom, with room for the seats at its edge. */
  bounds: readonly [number, number, number, number];
  middle: Point;
  /** How wide and high its label may be. */
  room: readonly [number, number];
}

/** The outline of each section; of one without seats, nothing. */
export function outlines(house: House): (Outline | null)[] {
  return house.sections.map((section) => outline(house, section));
}

function outline(house: House, section: Section): Outline | null {
  if (section.end === section.first) return null;
  const at = (seat: number): Point => [house.x[seat] ?? 0, house.y[seat] ?? 0];
  const rows = house.rows.slice(section.firstRow, section.endRow).filter((row) => row.end > row.first);
  const [front, back] = [rows[0], rows.at(-1)];
  if (front === undefined || back === undefined) return null;
  const along = (first: number, end: number) => Array.from({ length: end - first }, (_, index) => at(first + index));
  const points: Point[] = isScattered(rows) ? hull(along(section.first, section.end)) : [
    ...along(front.first, front.end),
    ...rows.slice(1, -1).map((row) => at(row.end - 1)),
    ...(back === front ? [] : along(back.first, back.end).reverse()),
    ...rows.slice(1, -1).reverse().map((row) => at(row.first)),
  ];
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let seat = section.first; seat < section.end; seat += 1) {
    const [x, y] = at(seat);
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const room = house.pitch;
  const half = rows[Math.floor(rows.length / 2)] ?? front;
  const [one, other] = [at(half.first), at(half.end - 1)];
  const centre = at(half.first + Math.floor((half.end - half.first) / 2));
  // A label lies along the row if it is straight; of a curve it has what its sides leave.
  const across = Math.hypot(other[0] - one[0], other[1] - one[1]);
  return {
    points,
    bounds: [left - room, top - room, right + room, bottom + room],
    middle: isInline(rows.length, across, room) ? [(left + right) / 2, (top + bottom) / 2] : centre,
    room: roomIn(points, right - left + room, bottom - top + room, room),
  };
}

/** Tables and boxes are no rows one behind the other. */
function isScattered(rows: readonly Row[]): boolean {
  const seats = rows.reduce((sum, { first, end }) => sum + end - first, 0);
  return seats / rows.length < 6;
}

/** The smallest convex shape around points, from the left and back. */
function hull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const half = (ordered: readonly Point[]): Point[] => {
    const kept: Point[] = [];
    for (const point of ordered) {
      while (kept.length > 1 && turn(kept.at(-2), kept.at(-1), point) <= 0) kept.pop();
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...half(sorted), ...half([...sorted].reverse())];
}

function turn(one: Point = [0, 0], other: Point = [0, 0], third: Point): number {
  return (other[0] - one[0]) * (third[1] - one[1]) - (other[1] - one[1]) * (third[0] - one[0]);
}

/** What a label may take up: of a section that lies across, less than its bounds are wide. */
function roomIn(points: readonly Point[], width: number, height: number, pitch: number): readonly [number, number] {
  let twice = 0;
  points.forEach(([x, y], index) => {
    const [nextX, nextY] = points[(index + 1) % points.length] ?? [0, 0];
    twice += x * nextY - nextX * y;
  });
  const share = Math.min(1, (Math.abs(twice) / 2 + pitch * (width + height - pitch)) / (width * height));
  return share > 0.85 ? [width, height] : [width * share * 0.8, height * share * 0.8];
}

function isInline(rows: number, across: number, pitch: number): boolean {
  return rows < 3 || across < pitch * 40;
}

// What is drawn of a house, worked out once.
import type { Camera, Size } from "./camera";
import type { House } from "./house";
import { outlines, type Outline, type Point } from "./outline";
import { stageOf } from "./stage";

export interface AreaShape {
  name: string;
  shape: Path2D;
  points: Point[];
  middle: Point;
  room: readonly [number, number];
}

export interface Plan {
  house: House;
  outlines: (Outline | null)[];
  shapes: (Path2D | null)[];
  areas: (AreaShape | null)[];
  stage: { shape: Path2D; middle: Point; width: number } | null;
  /** The category that most seats of each section have. */
  mainCategory: number[];
  categoriesIn: number[][];
  /** Left, top, right, bottom of everything. */
  bounds: readonly [number, number, number, number];
  isInSight(section: number, camera: Camera, view: Size): boolean;
}

export function planOf(house: House): Plan {
  const lines = outlines(house);
  const areas = house.areas.map(({ name, outline }) => areaOf(name, outline));
  const stage = stageOf(house);
  const counted = house.sections.map(({ first, end }) => countsOf(house.category, first, end));
  const points = [
    ...lines.flatMap((line) => (line === null ? [] : corners(line.bounds))),
    ...areas.flatMap((area) => area?.points ?? []),
    ...(stage ?? []),
  ];
  return {
    house,
    outlines: lines,
    shapes: lines.map((line) => (line === null ? null : pathOf(line.points))),
    areas,
    stage: stage === null ? null : { shape: pathOf(stage), middle: middleOf(stage), width: widthOf(stage) },
    mainCategory: counted.map((counts) => [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? 0),
    categoriesIn: counted.map((counts) => [...counts.keys()]),
    bounds: points.length === 0 ? [0, 0, house.width, house.height] : boundsOf(points),
    isInSight(section, { scale, x, y }, view) {
      const bounds = lines[section]?.bounds;
      if (bounds === undefined) return false;
      const [left, top, right, bottom] = bounds;
      return right * scale + x > 0 && bottom * scale + y > 0 && left * scale + x < view.width && top * scale + y < view.height;
    },
  };
}

function areaOf(name: string, outline: readonly Point[]): AreaShape | null {
  if (outline.length < 3) return null;
  const [left, top, right, bottom] = boundsOf(outline);
  return {
    name,
    shape: pathOf(outline),
    points: [...outline],
    middle: [(left + right) / 2, (top + bottom) / 2],
    room: [right - left, bottom - top],
  };
}

function countsOf(categories: Uint16Array, first: number, end: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let seat = first; seat < end; seat += 1) {
    const category = categories[seat] ?? 0;
    counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return counts;
}

function pathOf(points: readonly Point[]): Path2D {
  const path = new Path2D();
  for (const [x, y] of points) path.lineTo(x, y);
  path.closePath();
  return path;
}

function boundsOf(points: readonly Point[]): [number, number, number, number] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  return [left, top, right, bottom];
}

function corners([left, top, right, bottom]: readonly [number, number, number, number]): Point[] {
  return [[left, top], [right, bottom]];
}

function middleOf(points: readonly Point[]): Point {
  const [left, top, right, bottom] = boundsOf(points);
  return [(left + right) / 2, (top + bottom) / 2];
}

function widthOf(points: readonly Point[]): number {
  const [left, , right] = boundsOf(points);
  return right - left;
}

// Where the stage is drawn. Seating plans do not say it, but the service knows the point at which
// everybody looks; the stage lies behind that, as far as there are no seats.
import type { House } from "./house";
import type { Point } from "./outline";

/** How wide a stage is, of the house's width, and how deep, of its own. */
const WIDTH = 0.26;
const DEPTH = 0.3;

/** The stage's corners, or nothing where there is no room for one: in the round, or with no seats. */
export function stageOf(house: House): Point[] | null {
  if (house.focus === null || house.count === 0) return null;
  const [fx, fy] = house.focus;
  let [mx, my] = [0, 0];
  for (let seat = 0; seat < house.count; seat += 1) {
    mx += (house.x[seat] ?? 0) / house.count;
    my += (house.y[seat] ?? 0) / house.count;
  }
  const away = Math.hypot(fx - mx, fy - my);
  if (away < house.pitch) return null;
  const [dx, dy] = [(fx - mx) / away, (fy - my) / away];
  const half = (Math.min(house.width, house.height) * WIDTH) / 2;
  let room = 2 * half * DEPTH + 3 * house.pitch;
  for (let seat = 0; seat < house.count; seat += 1) {
    const [x, y] = [(house.x[seat] ?? 0) - fx, (house.y[seat] ?? 0) - fy];
    const [along, across] = [x * dx + y * dy, Math.abs(x * dy - y * dx)];
    if (across < half + house.pitch && along > house.pitch * 1.2) room = Math.min(room, along);
  }
  const [near, far] = [house.pitch * 1.8, room - house.pitch * 1.2];
  if (far - near < house.pitch * 1.2) return null;
  const corner = (along: number, across: number): Point => [fx + dx * along - dy * across, fy + dy * along + dx * across];
  return [corner(near, -half), corner(near, half), corner(far, half), corner(far, -half)];
}

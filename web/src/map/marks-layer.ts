// What stands over the seats: those that somebody chose, the one that is pointed at, and rings around
// those that have just changed hands.
import type { Camera, Size } from "./camera";
import { css } from "./colour";
import type { House } from "./house";
import type { Theme } from "./theme";

export interface Pulse {
  seat: number;
  began: number;
  /** Whether it became free; else it is gone. */
  freed: boolean;
}

export interface Marks {
  chosen: ReadonlySet<number>;
  pointed: number;
  pulses: readonly Pulse[];
}

export const PULSE_MS = 900;
/** A chosen seat can be seen from as far as the whole of a stadium. */
const RADIUS_MIN = 5;

/** Whether there was anything to draw. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  house: House,
  theme: Theme,
  camera: Camera,
  view: Size,
  density: number,
  { chosen, pointed, pulses }: Marks,
  now: number,
): boolean {
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  const radius = house.pitch * camera.scale * 0.4;
  const at = (seat: number) => [(house.x[seat] ?? 0) * camera.scale + camera.x, (house.y[seat] ?? 0) * camera.scale + camera.y] as const;
  for (const { seat, began, freed } of pulses) {
    const [x, y] = at(seat);
    if (x < 0 || y < 0 || x > view.width || y > view.height) continue;
    const share = Math.min(1, Math.max(0, (now - began) / PULSE_MS));
    context.strokeStyle = css(freed ? theme.accent : theme.ink, (1 - share) * 0.9);
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, Math.max(3, radius) * (1 + share * 1.6), 0, 2 * Math.PI);
    context.stroke();
  }
  if (pointed >= 0 && !chosen.has(pointed)) {
    const [x, y] = at(pointed);
    context.strokeStyle = css(theme.ink);
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, Math.max(4, radius) + 2.5, 0, 2 * Math.PI);
    context.stroke();
  }
  for (const seat of chosen) tick(context, theme, at(seat), Math.max(RADIUS_MIN, radius * 1.14));
  return chosen.size > 0 || pointed >= 0 || pulses.length > 0;
}

function tick(context: CanvasRenderingContext2D, theme: Theme, [x, y]: readonly [number, number], radius: number): void {
  context.fillStyle = css(theme.accent);
  context.strokeStyle = css(theme.ground);
  context.lineWidth = Math.max(1.5, radius * 0.16);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.strokeStyle = css(theme.onAccent);
  context.lineWidth = Math.max(1.5, radius * 0.22);
  context.lineCap = "round";
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(x - radius * 0.42, y + radius * 0.04);
  context.lineTo(x - radius * 0.1, y + radius * 0.36);
  context.lineTo(x + radius * 0.44, y - radius * 0.34);
  context.stroke();
}

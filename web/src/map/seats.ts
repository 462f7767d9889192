// What draws seats has this shape: WebGL2 where there is one, else pixels by hand.
import type { Camera, Size } from "./camera";
import type { Theme } from "./theme";

/** What a seat looks like: its state, and whether it is none of those that are looked for. */
export const DIMMED = 4;

export interface SeatsLayer {
  /** What seats look like from now on, a byte each: the state, and `DIMMED` added to it. */
  setLooks(looks: Uint8Array): void;
  setTheme(theme: Theme): void;
  resize(view: Size, density: number): void;
  /** Draws the seats from `ranges` (first, end, first, end, ...), `strength` 0 to 1 visible. */
  draw(camera: Camera, ranges: readonly number[], strength: number): void;
  destroy(): void;
}

/** How wide a seat is, in distances of neighbours, by its state. */
export const WIDTHS = [0.8, 0.8, 0.34, 0.34] as const;

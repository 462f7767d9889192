// Names on the map, as much of them as there is room for.
import type { Theme } from "./theme";

const SIZE = 13;
const LINE = 16;
/** Characters are this much of their size wide, on average: measuring each would cost a frame. */
const WIDE = 0.54;

export function label(
  context: CanvasRenderingContext2D,
  theme: Theme,
  [x, y]: readonly [number, number],
  lines: readonly [string, string?],
  [width, height]: readonly [number, number],
  colour: string,
  strength: number,
): void {
  const [name, more] = lines;
  const shown = shortened(name, width * 0.92);
  if (shown === null || height < LINE) return;
  const both = more !== undefined && height > LINE * 3 && fits(more, width * 0.92);
  context.globalAlpha = strength;
  context.fillStyle = colour;
  context.font = `600 ${SIZE}px ${theme.font}`;
  context.fillText(shown, x, both ? y - LINE / 2 : y);
  if (both) {
    context.font = `400 ${SIZE - 1}px ${theme.font}`;
    context.fillText(more, x, y + LINE / 2 + 1);
  }
  context.globalAlpha = 1;
}

/** The name, or nothing if it is too long. Of "Section 112", the number tells as much. */
export function shortened(name: string, width: number): string | null {
  const last = name.split(" ").at(-1) ?? name;
  const short = /\d/.test(last) ? last : name;
  return fits(short, width) ? short : null;
}

function fits(words: string, width: number): boolean {
  return words.length * SIZE * WIDE <= width;
}

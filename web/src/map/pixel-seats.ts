// Seats without WebGL2: each is stamped into the canvas's pixels by hand, which for tens of thousands
// of small shapes is many times as fast as asking the canvas to draw each of them.
import type { Camera, Size } from "./camera";
import type { Rgb } from "./colour";
import type { House } from "./house";
import { DIMMED, WIDTHS, type SeatsLayer } from "./seats";
import { BLOCKED, FREE, HELD } from "./states";
import type { Theme } from "./theme";

/** A seat of one look as pixels. */
interface Stamp {
  width: number;
  pixels: Uint32Array;
}

export function pixelSeats(canvas: HTMLCanvasElement, house: House): SeatsLayer | null {
  const context = canvas.getContext("2d");
  if (context === null) return null;
  let density = 1;
  let image: ImageData | null = null;
  let pixels = new Uint32Array(0);
  let looks = new Uint8Array(house.count);
  let theme: Theme | null = null;
  let [stamps, stampedAs]: [(Stamp | undefined)[], string] = [[], ""];

  const stampOf = (seat: number, size: number, strength: number): Stamp => {
    const look = looks[seat] ?? 0;
    const key = (house.category[seat] ?? 0) * 8 + look;
    const kept = stamps[key];
    if (kept !== undefined) return kept;
    const colour = theme?.categories[house.category[seat] ?? 0] ?? [128, 128, 128];
    const made = stamp(look, (look & 3) >= 2 ? (theme?.strong ?? colour) : colour, size, strength);
    stamps[key] = made;
    return made;
  };

  return {
    setTheme(next) {
      [theme, stampedAs] = [next, ""];
    },
    setLooks(next) {
      looks = next.slice();
    },
    resize(next: Size, wanted) {
      // On a dense screen, a pixel of the page is enough: there are four times as many others.
      density = Math.min(wanted, 1.5);
      canvas.width = Math.round(next.width * density);
      canvas.height = Math.round(next.height * density);
      image = context.createImageData(canvas.width, canvas.height);
      pixels = new Uint32Array(image.data.buffer);
    },
    draw(camera: Camera, ranges, strength) {
      if (image === null) return;
      pixels.fill(0);
      const size = house.pitch * camera.scale * WIDTHS[0] * density;
      const as = `${size.toFixed(2)} ${strength.toFixed(2)}`;
      if (as !== stampedAs) [stamps, stampedAs] = [[], as];
      const [width, height] = [image.width, image.height];
      const [scale, dx, dy] = [camera.scale * density, camera.x * density, camera.y * density];
      for (let index = 0; index + 1 < ranges.length && strength > 0; index += 2) {
        for (let seat = ranges[index] ?? 0; seat < (ranges[index + 1] ?? 0); seat += 1) {
          const x = (house.x[seat] ?? 0) * scale + dx;
          const y = (house.y[seat] ?? 0) * scale + dy;
          if (x < -size || y < -size || x > width + size || y > height + size) continue;
          press(stampOf(seat, size, strength), x, y, pixels, width, height);
        }
      }
      context.putImageData(image, 0, 0);
    },
    destroy() {},
  };
}

function press({ width, pixels: from }: Stamp, x: number, y: number, pixels: Uint32Array, wide: number, high: number): void {
  const [left, top] = [Math.round(x - width / 2), Math.round(y - width / 2)];
  const [firstX, endX] = [Math.max(0, -left), Math.min(width, wide - left)];
  for (let row = Math.max(0, -top); row < Math.min(width, high - top); row += 1) {
    const [source, target] = [row * width, (top + row) * wide + left];
    for (let column = firstX; column < endX; column += 1) {
      const pixel = from[source + column] ?? 0;
      if (pixel !== 0) pixels[target + column] = pixel;
    }
  }
}

/** One look as pixels, its edges softened. */
function stamp(look: number, colour: Rgb, size: number, strength: number): Stamp {
  const state = look & 3;
  const radius = Math.max(0.5, (size * (state >= 2 ? 0.42 : 1)) / 2);
  const width = Math.max(1, Math.ceil(radius * 2) + 1);
  const pixels = new Uint32Array(width * width);
  const [red, green, blue] = colour;
  const seen = strength * (look >= DIMMED ? 0.22 : 1);
  for (let index = 0; index < pixels.length; index += 1) {
    const [x, y] = [(index % width) + 0.5 - width / 2, Math.floor(index / width) + 0.5 - width / 2];
    const alpha = Math.round(255 * seen * coverage(state, x, y, radius));
    if (alpha > 0) pixels[index] = ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  }
  return { width, pixels };
}

function coverage(state: number, x: number, y: number, radius: number): number {
  const away = Math.hypot(x, y);
  const disc = Math.min(1, Math.max(0, radius + 0.5 - away));
  if (state === FREE) return disc;
  if (state === HELD) return disc * Math.min(1, Math.max(0, away - radius * 0.56 + 0.5)) * 0.8;
  const inside = Math.abs(x) <= radius && Math.abs(y) <= radius;
  return inside && (state !== BLOCKED || Math.abs(y) <= radius * 0.4) ? 1 : 0;
}

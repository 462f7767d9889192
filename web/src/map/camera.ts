// What part of the drawing is in sight: where its origin is on the screen, and how large a unit is.
export interface Camera {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

type Box = readonly [number, number, number, number];

/** The camera that shows all of a box, with some room around it. */
export function fit([left, top, right, bottom]: Box, view: Size, room: number): Camera {
  const wide = Math.max(1, right - left);
  const high = Math.max(1, bottom - top);
  const inner = { width: Math.max(1, view.width - 2 * room), height: Math.max(1, view.height - 2 * room) };
  const scale = Math.min(inner.width / wide, inner.height / high);
  return {
    scale,
    x: view.width / 2 - ((left + right) / 2) * scale,
    y: view.height / 2 - ((top + bottom) / 2) * scale,
  };
}

/** Closer or farther by a factor, with the point at `x`, `y` of the screen staying where it is. */
export function zoomAt(camera: Camera, factor: number, x: number, y: number, limits: readonly [number, number]): Camera {
  const scale = Math.min(limits[1], Math.max(limits[0], camera.scale * factor));
  const by = scale / camera.scale;
  return { scale, x: x - (x - camera.x) * by, y: y - (y - camera.y) * by };
}

export function panBy(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x + dx, y: camera.y + dy };
}

/** The same, but with some of the box still in sight: nobody can lose the house. */
export function keepInSight(camera: Camera, [left, top, right, bottom]: Box, view: Size): Camera {
  const keep = Math.min(view.width, view.height) * 0.35;
  const clamp = (value: number, low: number, high: number) => Math.min(Math.max(low, high), Math.max(Math.min(low, high), value));
  return {
    scale: camera.scale,
    x: clamp(camera.x, keep - right * camera.scale, view.width - keep - left * camera.scale),
    y: clamp(camera.y, keep - bottom * camera.scale, view.height - keep - top * camera.scale),
  };
}

/** A camera on the way from one to another: `share` 0 is the one, 1 the other. */
export function between(one: Camera, other: Camera, share: number): Camera {
  const eased = 1 - (1 - share) ** 3;
  const scale = one.scale * (other.scale / one.scale) ** eased;
  // The way is straight on the drawing, however the scale changes meanwhile.
  const along = one.scale === other.scale ? eased : (scale - one.scale) / (other.scale - one.scale);
  return { scale, x: one.x + (other.x - one.x) * along, y: one.y + (other.y - one.y) * along };
}

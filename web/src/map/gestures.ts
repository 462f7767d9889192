// Fingers, mouse and wheel on the map, as what they mean: pan, zoom, tap, point.
export interface Meanings {
  pan(dx: number, dy: number): void;
  zoom(factor: number, x: number, y: number): void;
  tap(x: number, y: number, touch: boolean): void;
  point(x: number, y: number): void;
  leave(): void;
}

/** A press that moves less than this is a tap. */
const TAP_PIXELS = 8;
const WHEEL_PER_DOUBLING = 400;

/** Listens on an element; what is returned stops that. */
export function listen(element: HTMLElement, meanings: Meanings): () => void {
  const down = new Map<number, { x: number; y: number }>();
  let moved = 0;
  const at = (event: MouseEvent) => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    if (down.size === 0) moved = 0;
    down.set(event.pointerId, at(event));
    element.setPointerCapture(event.pointerId);
  };

  const onMove = (event: PointerEvent) => {
    const now = at(event);
    const before = down.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType === "mouse") meanings.point(now.x, now.y);
      return;
    }
    const others = [...down].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    const other = others[0];
    if (other === undefined) {
      moved += Math.hypot(now.x - before.x, now.y - before.y);
      if (moved > TAP_PIXELS) meanings.pan(now.x - before.x, now.y - before.y);
    } else {
      // Two fingers: what lay between them stays between them.
      moved = Infinity;
      const [was, is] = [distance(before, other), distance(now, other)];
      meanings.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
      if (was > 0) meanings.zoom(is / was, (now.x + other.x) / 2, (now.y + other.y) / 2);
    }
    down.set(event.pointerId, now);
  };

  const onUp = (event: PointerEvent) => {
    const was = down.delete(event.pointerId);
    if (was && down.size === 0 && moved <= TAP_PIXELS && event.type === "pointerup") {
      const { x, y } = at(event);
      meanings.tap(x, y, event.pointerType !== "mouse");
    }
  };

  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
    // A pinch on a trackpad comes as a wheel with Ctrl, in much smaller steps.
    const pinched = event.ctrlKey ? 5 : 1;
    const { x, y } = at(event);
    meanings.zoom(2 ** ((-event.deltaY * lines * pinched) / WHEEL_PER_DOUBLING), x, y);
  };

  const onLeave = () => meanings.leave();
  element.addEventListener("pointerdown", onDown);
  element.addEventListener("pointermove", onMove);
  element.addEventListener("pointerup", onUp);
  element.addEventListener("pointercancel", onUp);
  element.addEventListener("pointerleave", onLeave);
  element.addEventListener("wheel", onWheel, { passive: false });
  return () => {
    element.removeEventListener("pointerdown", onDown);
    element.removeEventListener("pointermove", onMove);
    element.removeEventListener("pointerup", onUp);
    element.removeEventListener("pointercancel", onUp);
    element.removeEventListener("pointerleave", onLeave);
    element.removeEventListener("wheel", onWheel);
  };
}

function distance(one: { x: number; y: number }, other: { x: number; y: number }): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

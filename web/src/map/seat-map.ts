// The seat map on the page: three canvases over each other (sections, seats, marks), one camera, and
// a frame only when something is to be seen that was not there before.
import { between, fit, keepInSight, panBy, zoomAt, type Camera, type Size } from "./camera";
import { listen } from "./gestures";
import { glSeats } from "./gl-seats";
import { drawGround, type Ground } from "./ground-layer";
import type { House } from "./house";
import { PULSE_MS, drawMarks, type Pulse } from "./marks-layer";
import { pixelSeats } from "./pixel-seats";
import { placesOf, type Places } from "./places";
import { planOf, type Plan } from "./plan";
import { DIMMED, type SeatsLayer } from "./seats";
import { FREE, changes } from "./states";
import { themeAt, type Theme } from "./theme";

export interface MapEvents {
  onSeat(seat: number): void;
  onArea(area: number): void;
  /** The pointer is on this seat, at this place of the map; or on none. */
  onPoint(seat: number, x: number, y: number): void;
}

/** Seats begin to show when neighbours are so many pixels apart, and are all there from the second. */
const DETAIL = [3.5, 4.3] as const;
/** From here on a tap means a seat, and before it the section that it lies in. */
const TAPPABLE = 8;
const CLOSEST = 44;
const MOVE_MS = 320;
/** What the legend takes of the map's foot. */
const LEGEND_PIXELS = 44;
const ZOOM_STEP = 1.9;
const FINGER_PIXELS = 22;
const MOUSE_PIXELS = 12;
/** More seats than this changing at once are a picture of their own. */
const PULSES_MAX = 300;

export class SeatMap {
  private readonly plan: Plan;
  private readonly places: Places;
  private readonly ground: CanvasRenderingContext2D;
  private readonly seats: SeatsLayer;
  private readonly marks: CanvasRenderingContext2D;
  private readonly stops: (() => void)[] = [];
  private theme: Theme;
  private view: Size = { width: 1, height: 1 };
  private density = 1;
  private camera: Camera = { scale: 1, x: 0, y: 0 };
  private move: { from: Camera; to: Camera; began: number } | null = null;
  private states: Uint8Array;
  private shown: Ground = { free: [], places: [], wanted: () => true, pointed: -1 };
  private chosen: ReadonlySet<number> = new Set();
  private pointed = -1;
  private pulses: Pulse[] = [];
  private frame = 0;
  private touched = false;

  constructor(
    private readonly holder: HTMLElement,
    private readonly house: House,
    private readonly colours: readonly string[],
    private readonly events: MapEvents,
    /** Whether to do without WebGL2 though there is one. */
    plain = false,
  ) {
    this.plan = planOf(house);
    this.places = placesOf(house);
    this.states = new Uint8Array(house.count);
    this.theme = themeAt(holder, colours);
    const canvas = () => {
      const made = document.createElement("canvas");
      holder.append(made);
      this.stops.push(() => made.remove());
      return made;
    };
    this.ground = context(canvas());
    this.seats = seatsOn(canvas, house, plain);
    this.marks = context(canvas());
    this.seats.setTheme(this.theme);
    this.stops.push(this.observeSize(), this.observeTheme(), this.listen());
  }

  /** What is free by now. Seats that changed light up, unless this is the first time. */
  setStates(states: Uint8Array, places: readonly number[]): void {
    const first = this.shown.free.length === 0 && this.shown.places.length === 0;
    const changed = first ? [] : changes(this.states, states);
    const began = performance.now();
    if (changed.length <= PULSES_MAX) {
      this.pulses.push(...changed.map((seat) => ({ seat, began, freed: states[seat] === FREE })));
    }
    this.states = states;
    const free = this.house.sections.map(({ first: from, end }) => {
      let sum = 0;
      for (let seat = from; seat < end; seat += 1) sum += states[seat] === FREE ? 1 : 0;
      return sum;
    });
    this.shown = { ...this.shown, free, places };
    this.look();
    // From here on it shows what is free, and can be used.
    if (first) {
      this.paint(performance.now());
      this.holder.dataset.drawn = "";
      performance.mark("seat-map-drawn");
    }
  }

  /** Only these categories are looked for; the rest steps back. */
  setWanted(wanted: (category: number) => boolean): void {
    this.shown = { ...this.shown, wanted };
    this.look();
  }

  setChosen(chosen: ReadonlySet<number>): void {
    this.chosen = chosen;
    this.draw();
  }

  zoom(closer: boolean): void {
    this.glide(zoomAt(this.camera, closer ? ZOOM_STEP : 1 / ZOOM_STEP, this.view.width / 2, this.view.height / 2, this.limits()));
  }

  whole(): void {
    this.glide(this.fitted());
  }

  /** Goes to where these seats are. */
  show(seats: readonly number[]): void {
    if (seats.length === 0) return;
    const [xs, ys] = [seats.map((seat) => this.house.x[seat] ?? 0), seats.map((seat) => this.house.y[seat] ?? 0)];
    const around = this.house.pitch * 7;
    const box = [Math.min(...xs) - around, Math.min(...ys) - around, Math.max(...xs) + around, Math.max(...ys) + around] as const;
    this.glide(this.bounded(fit(box, this.view, 24)));
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.seats.destroy();
    for (const stop of this.stops) stop();
  }

  private listen(): () => void {
    return listen(this.holder, {
      pan: (dx, dy) => this.go(panBy(this.camera, dx, dy)),
      zoom: (factor, x, y) => this.go(zoomAt(this.camera, factor, x, y, this.limits())),
      tap: (x, y, touch) => this.tap(x, y, touch),
      point: (x, y) => this.point(x, y),
      leave: () => this.pointAt(-1, -1, 0, 0),
    });
  }

  private tap(x: number, y: number, touch: boolean): void {
    const seat = this.seatAt(x, y, touch ? FINGER_PIXELS : MOUSE_PIXELS);
    if (seat >= 0) return this.events.onSeat(seat);
    const area = this.areaAt(x, y);
    if (area >= 0) return this.events.onArea(area);
    const section = this.sectionAt(x, y);
    const bounds = this.plan.outlines[section]?.bounds;
    if (bounds === undefined) return;
    // So close that its seats can be told apart and hit, at the least.
    const fitted = this.bounded(fit(bounds, this.view, 28));
    const least = (TAPPABLE * 1.6) / this.house.pitch;
    const by = Math.max(fitted.scale, least, this.camera.scale) / this.camera.scale;
    this.glide(fitted.scale >= least ? fitted : zoomAt(this.camera, by, x, y, this.limits()));
  }

  private point(x: number, y: number): void {
    const seat = this.seatAt(x, y, MOUSE_PIXELS);
    this.pointAt(seat, seat >= 0 ? -1 : this.sectionAt(x, y), x, y);
  }

  private pointAt(seat: number, section: number, x: number, y: number): void {
    this.events.onPoint(seat, x, y);
    this.holder.style.cursor = seat >= 0 || section >= 0 ? "pointer" : "";
    if (seat === this.pointed && section === this.shown.pointed) return;
    this.pointed = seat;
    this.shown = { ...this.shown, pointed: section };
    this.draw();
  }

  private seatAt(x: number, y: number, pixels: number): number {
    if (this.house.pitch * this.camera.scale < TAPPABLE) return -1;
    const within = Math.max(this.house.pitch * 0.6, Math.min(pixels / this.camera.scale, this.house.pitch * 1.4));
    return this.places.nearest(...this.world(x, y), within);
  }

  private areaAt(x: number, y: number): number {
    const [wx, wy] = this.world(x, y);
    this.ground.setTransform(1, 0, 0, 1, 0, 0);
    return this.plan.areas.findIndex((area) => area !== null && this.ground.isPointInPath(area.shape, wx, wy));
  }

  private sectionAt(x: number, y: number): number {
    const [wx, wy] = this.world(x, y);
    this.ground.setTransform(1, 0, 0, 1, 0, 0);
    this.ground.lineWidth = this.house.pitch;
    return this.plan.shapes.findIndex((shape, section) => {
      if (shape === null || !isInside(this.plan.outlines[section]?.bounds, wx, wy)) return false;
      return this.ground.isPointInPath(shape, wx, wy) || this.ground.isPointInStroke(shape, wx, wy);
    });
  }

  private world(x: number, y: number): [number, number] {
    return [(x - this.camera.x) / this.camera.scale, (y - this.camera.y) / this.camera.scale];
  }

  private limits(): readonly [number, number] {
    return [this.fitted().scale * 0.8, Math.max(CLOSEST / this.house.pitch, this.fitted().scale * 2)];
  }

  private bounded(camera: Camera): Camera {
    return zoomAt(camera, 1, this.view.width / 2, this.view.height / 2, this.limits());
  }

  private fitted(): Camera {
    const above = { ...this.view, height: this.view.height - LEGEND_PIXELS };
    return fit(this.plan.bounds, above, Math.min(28, this.view.width * 0.03));
  }

  private go(camera: Camera): void {
    this.touched = true;
    this.move = null;
    this.camera = keepInSight(camera, this.plan.bounds, this.view);
    this.draw();
  }

  private glide(to: Camera): void {
    this.touched = true;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still) return this.go(to);
    this.move = { from: this.camera, to: keepInSight(to, this.plan.bounds, this.view), began: performance.now() };
    this.draw();
  }

  private observeSize(): () => void {
    const resized = () => {
      this.view = { width: Math.max(1, this.holder.clientWidth), height: Math.max(1, this.holder.clientHeight) };
      this.density = Math.min(2, devicePixelRatio);
      for (const { canvas } of [this.ground, this.marks]) {
        canvas.width = Math.round(this.view.width * this.density);
        canvas.height = Math.round(this.view.height * this.density);
      }
      this.seats.resize(this.view, this.density);
      // Whoever has not moved it yet wants to see all of it.
      this.camera = this.touched ? keepInSight(this.camera, this.plan.bounds, this.view) : this.fitted();
      this.paint(performance.now());
    };
    const observer = new ResizeObserver(resized);
    observer.observe(this.holder);
    return () => observer.disconnect();
  }

  private observeTheme(): () => void {
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const changed = () => {
      this.theme = themeAt(this.holder, this.colours);
      this.seats.setTheme(this.theme);
      this.look();
    };
    scheme.addEventListener("change", changed);
    return () => scheme.removeEventListener("change", changed);
  }

  /** Works out anew what each seat looks like. */
  private look(): void {
    const looks = new Uint8Array(this.house.count);
    const dimmed = this.colours.map((_, category) => (this.shown.wanted(category) ? 0 : DIMMED));
    for (let seat = 0; seat < looks.length; seat += 1) {
      looks[seat] = (this.states[seat] ?? 0) + (dimmed[this.house.category[seat] ?? 0] ?? 0);
    }
    this.seats.setLooks(looks);
    this.draw();
  }

  private draw(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame((now) => this.paint(now));
  }

  private paint(now: number): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const began = performance.now();
    this.advance(now);
    const apart = this.house.pitch * this.camera.scale;
    const detail = Math.min(1, Math.max(0, (apart - DETAIL[0]) / (DETAIL[1] - DETAIL[0])));
    drawGround(this.ground, this.plan, this.theme, this.camera, this.view, this.density, this.shown, this.house.count === 0 ? 0 : detail);
    this.seats.draw(this.camera, detail > 0 ? this.ranges() : [], detail);
    const marks = { chosen: this.chosen, pointed: this.pointed, pulses: this.pulses };
    drawMarks(this.marks, this.house, this.theme, this.camera, this.view, this.density, marks, now);
    if (this.move !== null || this.pulses.length > 0) this.draw();
    // Whoever measures the map puts a list here.
    (window as { seatMapFrames?: number[] }).seatMapFrames?.push(performance.now() - began);
  }

  private advance(now: number): void {
    if (this.move !== null) {
      const share = Math.min(1, Math.max(0, (now - this.move.began) / MOVE_MS));
      this.camera = between(this.move.from, this.move.to, share);
      if (share === 1) this.move = null;
    }
    if (this.pulses.length > 0) this.pulses = this.pulses.filter(({ began }) => now - began < PULSE_MS);
  }

  /** The seats of the sections in sight: first, end, first, end, ..., neighbours as one. */
  private ranges(): number[] {
    const ranges: number[] = [];
    for (const [index, { first, end }] of this.house.sections.entries()) {
      if (end === first || !this.plan.isInSight(index, this.camera, this.view)) continue;
      if (ranges.at(-1) === first) ranges[ranges.length - 1] = end;
      else ranges.push(first, end);
    }
    return ranges;
  }
}

function context(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const made = canvas.getContext("2d");
  if (made === null) throw new Error("this browser has no canvas");
  return made;
}

function seatsOn(canvas: () => HTMLCanvasElement, house: House, plain: boolean): SeatsLayer {
  if (!plain) {
    const first = canvas();
    const layer = glSeats(first, house);
    if (layer !== null) return layer;
    first.remove();
  }
  const layer = pixelSeats(canvas(), house);
  if (layer === null) throw new Error("this browser has no canvas");
  return layer;
}

function isInside(bounds: readonly [number, number, number, number] | undefined, x: number, y: number): boolean {
  if (bounds === undefined) return false;
  const [left, top, right, bottom] = bounds;
  return x >= left && x <= right && y >= top && y <= bottom;
}

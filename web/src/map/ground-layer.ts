// What lies under the seats: the stage, standing areas, and the sections, which stand for their seats
// while those are too small to be seen.
import { text } from "../text/en";
import { count } from "../text/format";
import type { Camera, Size } from "./camera";
import { css, mix, type Rgb } from "./colour";
import { label } from "./labels";
import type { Plan } from "./plan";
import type { Theme } from "./theme";

export interface Ground {
  /** Free seats of each section. */
  free: readonly number[];
  /** Free places of each area. */
  places: readonly number[];
  /** Whether a category is looked for. */
  wanted: (category: number) => boolean;
  /** The section that the pointer is on, or -1. */
  pointed: number;
}

export function drawGround(
  context: CanvasRenderingContext2D,
  plan: Plan,
  theme: Theme,
  camera: Camera,
  view: Size,
  density: number,
  ground: Ground,
  /** How visible the seats are, 0 to 1. */
  detail: number,
): void {
  const inWorld = () => {
    const scale = camera.scale * density;
    context.setTransform(scale, 0, 0, scale, camera.x * density, camera.y * density);
  };
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  inWorld();
  context.lineJoin = "round";
  drawStage(context, plan, theme);
  for (const [section, shape] of plan.shapes.entries()) {
    if (shape === null || !plan.isInSight(section, camera, view)) continue;
    const strength = sectionStrength(ground, plan, section, detail);
    const pointed = ground.pointed === section && detail < 0.5 ? 0.15 : 0;
    const colour = mix(theme.sunken, sectionColour(plan, theme, ground, section), Math.min(1, strength + pointed));
    context.fillStyle = context.strokeStyle = css(colour);
    context.lineWidth = plan.house.pitch * 0.9;
    context.fill(shape);
    context.stroke(shape);
  }
  drawAreas(context, plan, theme, ground);
  context.setTransform(density, 0, 0, density, 0, 0);
  drawLabels(context, plan, theme, camera, view, ground, detail);
}

function drawStage(context: CanvasRenderingContext2D, plan: Plan, theme: Theme): void {
  if (plan.stage === null) return;
  context.fillStyle = context.strokeStyle = css(mix(theme.sunken, theme.ink, theme.dark ? 0.13 : 0.1));
  context.lineWidth = plan.house.pitch * 0.8;
  context.fill(plan.stage.shape);
  context.stroke(plan.stage.shape);
}

function sectionColour(plan: Plan, theme: Theme, ground: Ground, section: number): Rgb {
  const category = plan.mainCategory[section] ?? 0;
  const colour = theme.categories[category] ?? theme.quiet;
  return (ground.free[section] ?? 0) === 0 ? theme.strong : colour;
}

/** How much of its colour a section shows: little under its seats, and less the fewer are free. */
function sectionStrength(ground: Ground, plan: Plan, section: number, detail: number): number {
  const { first = 0, end = 1 } = plan.house.sections[section] ?? {};
  const free = (ground.free[section] ?? 0) / Math.max(1, end - first);
  const wanted = (plan.categoriesIn[section] ?? []).some((category) => ground.wanted(category));
  const far = free === 0 ? 0.4 : 0.34 + 0.56 * Math.sqrt(free);
  return (wanted ? 1 : 0.2) * (far + (0.1 - far) * detail);
}

function drawAreas(context: CanvasRenderingContext2D, plan: Plan, theme: Theme, ground: Ground): void {
  for (const [index, area] of plan.areas.entries()) {
    if (area === null) continue;
    const category = plan.house.areas[index]?.category ?? 0;
    const left = ground.places[index] ?? 0;
    const colour = left === 0 ? theme.strong : (theme.categories[category] ?? theme.quiet);
    const strength = ground.wanted(category) ? (left === 0 ? 0.4 : 0.85) : 0.2;
    context.fillStyle = context.strokeStyle = css(mix(theme.sunken, colour, strength));
    context.lineWidth = Math.min(plan.house.width, plan.house.height) * 0.012;
    context.fill(area.shape);
    context.stroke(area.shape);
  }
}

function drawLabels(
  context: CanvasRenderingContext2D,
  plan: Plan,
  theme: Theme,
  camera: Camera,
  view: Size,
  ground: Ground,
  detail: number,
): void {
  const onColour = theme.dark ? theme.ground : theme.raised;
  const at = ([x, y]: readonly [number, number]) => [x * camera.scale + camera.x, y * camera.scale + camera.y] as const;
  context.textAlign = "center";
  context.textBaseline = "middle";
  if (plan.stage !== null) {
    const room = [plan.stage.width * camera.scale, 40] as const;
    label(context, theme, at(plan.stage.middle), [text.concert.stage], room, css(theme.quiet), 1);
  }
  for (const [index, area] of plan.areas.entries()) {
    if (area === null) continue;
    const left = ground.places[index] ?? 0;
    const lines: [string, string] = [area.name, left === 0 ? text.concert.none : text.concert.free(count(left))];
    const room = [area.room[0] * camera.scale, area.room[1] * camera.scale] as const;
    label(context, theme, at(area.middle), lines, room, css(onColour), 1);
  }
  if (detail >= 1) return;
  for (const [section, outline] of plan.outlines.entries()) {
    if (outline === null || !plan.isInSight(section, camera, view)) continue;
    const free = ground.free[section] ?? 0;
    const lines: [string, string] = [plan.house.sections[section]?.name ?? "", free === 0 ? text.concert.none : text.concert.free(count(free))];
    const room = [outline.room[0] * camera.scale, outline.room[1] * camera.scale] as const;
    const colour = free === 0 ? theme.quiet : onColour;
    label(context, theme, at(outline.middle), lines, room, css(colour), 1 - detail);
  }
}

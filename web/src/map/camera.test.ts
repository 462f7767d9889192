import { expect, test } from "vitest";

import { between, fit, keepInSight, zoomAt } from "./camera";

const view = { width: 400, height: 200 };

test("all of a box is in sight, in the middle", () => {
  const camera = fit([0, 0, 100, 100], view, 0);
  expect(camera).toEqual({ scale: 2, x: 100, y: 0 });
});

test("what is under the finger stays under it", () => {
  const camera = zoomAt({ scale: 2, x: 100, y: 0 }, 3, 150, 80, [1, 100]);
  expect(camera.scale).toBe(6);
  expect((150 - camera.x) / 6).toBeCloseTo((150 - 100) / 2);
  expect((80 - camera.y) / 6).toBeCloseTo(80 / 2);
});

test("nobody zooms beyond the limits, or moves while trying to", () => {
  const at = { scale: 4, x: 10, y: 20 };
  expect(zoomAt(at, 2, 50, 50, [1, 4])).toEqual(at);
});

test("the house cannot be pushed out of sight", () => {
  const { x, y } = keepInSight({ scale: 1, x: 10_000, y: -10_000 }, [0, 0, 100, 100], view);
  expect(x).toBeLessThan(view.width);
  expect(y + 100).toBeGreaterThan(0);
});

test("a glide begins and ends where it should", () => {
  const [one, other] = [{ scale: 1, x: 0, y: 0 }, { scale: 8, x: -500, y: -300 }];
  expect(between(one, other, 0)).toEqual(one);
  const end = between(one, other, 1);
  expect(end.scale).toBeCloseTo(8);
  expect(end.x).toBeCloseTo(-500);
  expect(end.y).toBeCloseTo(-300);
});

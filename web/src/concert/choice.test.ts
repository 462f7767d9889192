import { expect, test } from "vitest";

import { NOTHING, lostOf, sizeOf, toggled, withPlaces, without } from "./choice";

test("a seat is chosen by one tap and let go by the next", () => {
  const one = toggled(NOTHING, 7, 4);
  expect(one.seats).toEqual([7]);
  expect(toggled(one, 7, 4).seats).toEqual([]);
});

test("nobody chooses more than they may have, seats and places together", () => {
  const two = toggled(toggled(NOTHING, 1, 3), 2, 3);
  const three = withPlaces(two, "FLOOR", 5, 3);
  expect(three.areas).toEqual({ FLOOR: 1 });
  expect(sizeOf(three)).toBe(3);
  expect(toggled(three, 9, 3)).toBe(three);
  expect(withPlaces(three, "FLOOR", 0, 3).areas).toEqual({});
});

test("a chosen seat that is somebody else's by now is lost; one's own is not", () => {
  const choice = { seats: [1, 2, 3], areas: {} };
  const lost = lostOf(choice, (seat) => seat === 2, (seat) => seat === 1);
  expect(lost).toEqual([3]);
  expect(without(choice, lost).seats).toEqual([1, 2]);
});

import { expect, test } from "vitest";

import { houseWith } from "../testing/house";
import { placesOf } from "./places";

test("seats have numbers, and numbers have seats", () => {
  const house = houseWith([[3, 0], [2, 1]]);
  expect(house.count).toBe(5);
  expect(house.idOf(3)).toBe("B-1");
  expect(house.labelOf(2)).toBe("3");
  expect(house.find("B-2")).toBe(4);
  expect(house.find("C-1")).toBe(-1);
  expect(house.pitch).toBe(20);
});

test("the nearest seat is found, and none that is too far away", () => {
  const house = houseWith([[10, 0], [10, 0], [10, 0]]);
  const places = placesOf(house);
  for (let seat = 0; seat < house.count; seat += 1) {
    expect(places.nearest((house.x[seat] ?? 0) + 4, (house.y[seat] ?? 0) - 3, 10)).toBe(seat);
  }
  expect(places.nearest(110, 200, 10)).toBe(-1);
});

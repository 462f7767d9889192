import { expect, test } from "vitest";

import { houseWith } from "../testing/house";
import { alike } from "./alike";

const house = houseWith([[6, 0], [6, 0], [6, 1]]);

function offers(taken: readonly string[], gone: readonly string[], count: number): string[][] {
  const out = new Set([...taken, ...gone].map((id) => house.find(id)));
  const found = alike(house, (seat) => !out.has(seat), gone.map((id) => house.find(id)), count, 3);
  return found.map(({ seats }) => seats.map((seat) => house.idOf(seat)));
}

test("the seats beside those that are gone come first", () => {
  expect(offers([], ["A-1"], 1)[0]).toEqual(["A-2"]);
  // The place of the two is between 3 and 4; behind them is nearer than beside them.
  expect(offers([], ["A-3", "A-4"], 2)[0]).toEqual(["B-3", "B-4"]);
});

test("another price is taken to be farther away", () => {
  const found = offers([], ["B-1"], 1).map(([seat]) => seat);
  expect(found.slice(0, 2).sort()).toEqual(["A-1", "B-2"]);
  expect(found[2]).toBe("C-1");
});

test("nobody is offered seats with somebody between them", () => {
  const taken = ["A-2", "A-5", "B-2", "B-5", "C-2", "C-5"];
  for (const seats of offers(taken, ["A-3"], 2)) {
    const [one, other] = seats.map((id) => house.find(id));
    expect((other ?? 0) - (one ?? 0)).toBe(1);
  }
});

test("where there is no room, there is no offer", () => {
  expect(offers([], ["A-1"], 7)).toEqual([]);
});

import { expect, test } from "vitest";

import type { Purchase } from "../api/queries";
import { stubsOf } from "./stubs";

test("every seat and every place has a ticket of its own, with a code of its own", () => {
  const price = { amount: 1, currency: "EUR" };
  const seat = { seat: "A-1", section: "Stalls", row: "A", label: "1", category: "Stalls", price };
  const area = { area: "FLOOR", section: "Floor", name: "Floor", category: "Floor", quantity: 2, price };
  const stubs = stubsOf({ seats: [seat], areas: [area] } as unknown as Purchase);
  expect(stubs.map(({ place }) => place)).toEqual(["A-1", "FLOOR.1", "FLOOR.2"]);
});

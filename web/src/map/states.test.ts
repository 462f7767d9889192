import { expect, test } from "vitest";

import { changes, unpack } from "./states";

test("seat 0 is in the highest bits of the first byte", () => {
  // 00 01 10 11 · 11 00 00 00
  const packed = btoa(String.fromCharCode(0b00_01_10_11, 0b11_00_00_00));
  expect([...unpack(packed, 6)]).toEqual([0, 1, 2, 3, 3, 0]);
});

test("what changed is named by its number", () => {
  expect(changes(Uint8Array.of(0, 1, 2), Uint8Array.of(0, 2, 0))).toEqual([1, 2]);
});

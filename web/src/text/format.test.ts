import { expect, test } from "vitest";

import { clock, moment, money, monthKey } from "./format";

test("time is counted down to the second, and never below nothing", () => {
  expect(clock(247_000)).toBe("4:07");
  expect(clock(246_001)).toBe("4:07");
  expect(clock(0)).toBe("0:00");
  expect(clock(-5_000)).toBe("0:00");
  expect(clock(3_750_000)).toBe("1:02:30");
});

test("money has the minor units that its currency has", () => {
  expect(money({ amount: 9_500, currency: "EUR" })).toMatch(/95$|^95/);
  expect(money({ amount: 9_550, currency: "EUR" })).toContain("95.50");
  expect(money({ amount: 9_500, currency: "JPY" })).toContain("9,500");
});

test("a concert's day is the venue's day", () => {
  expect(moment("2026-12-31T20:00:00Z", "Asia/Tokyo", new Date("2026-11-01"))).toContain("Jan");
  expect(monthKey("2026-12-31T20:00:00Z", "Asia/Tokyo")).toBe("2027-01");
});

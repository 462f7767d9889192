import { expect, test } from "vitest";

import type { ConcertItem } from "../api/queries";
import { rowsOf } from "./rows";

const concert = (id: string, startsAt: string, zone = "UTC") =>
  ({ id, starts_at: startsAt, venue: { time_zone: zone } }) as ConcertItem;

test("a month begins a row of its own, and rows are filled", () => {
  const concerts = [
    concert("a", "2026-12-01T20:00:00Z"),
    concert("b", "2026-12-02T20:00:00Z"),
    concert("c", "2026-12-03T20:00:00Z"),
    concert("d", "2027-01-01T20:00:00Z"),
  ];
  const shape = rowsOf(concerts, 2).map((row) => (row.kind === "month" ? "month" : row.concerts.map(({ id }) => id).join("")));
  expect(shape).toEqual(["month", "ab", "c", "month", "d"]);
});

test("a month is the venue's", () => {
  const concerts = [concert("a", "2026-12-31T20:00:00Z"), concert("b", "2026-12-31T20:00:00Z", "Asia/Tokyo")];
  expect(rowsOf(concerts, 3).filter(({ kind }) => kind === "month")).toHaveLength(2);
});

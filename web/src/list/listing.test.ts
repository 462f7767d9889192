import { expect, test } from "vitest";

import { addressOf, listingOf, wantedFrom } from "./listing";

test("a list's address says all that it is limited to, and only that", () => {
  const wanted = { q: "blue & quiet", city: "Zürich", month: "2027-01" };
  const address = addressOf(wanted);
  const query = Object.fromEntries(new URL(address, "http://site").searchParams);
  expect(wantedFrom(query)).toEqual(wanted);
  expect(addressOf({ q: "", city: "", month: "" })).toBe("/");
});

test("what is no month is any time", () => {
  for (const month of ["2027-13", "soon", "2027-1"]) expect(wantedFrom({ month }).month).toBe("");
});

test("a month is the time between its ends", () => {
  const listing = listingOf({ q: " ", city: "", month: "2026-12" });
  expect(listing).toEqual({ from: "2026-12-01T00:00:00.000Z", to: "2027-01-01T00:00:00.000Z" });
});

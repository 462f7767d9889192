import { expect, test } from "vitest";

import { ServerClock } from "./server-clock";

/** A page whose clocks stand where they are put. */
function page(kept: Record<string, string> = {}) {
  const at = { page: 1_000, device: 5_000_000 };
  const storage = {
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => void (kept[key] = value),
  };
  return { at, kept, clock: new ServerClock(() => at.page, () => at.device, storage) };
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

test("the service's clock goes on from the middle of the time that its answer took", () => {
  const { at, clock } = page();
  at.page = 1_200;
  clock.note(iso(90_000_000), 1_000, 1_200);
  expect(clock.now()).toBe(90_000_100);
  at.page = 2_200;
  expect(clock.now()).toBe(90_001_100);
});

test("setting the device's clock changes nothing", () => {
  const { at, clock } = page();
  clock.note(iso(90_000_000), 1_000, 1_000);
  at.device += 3_600_000;
  expect(clock.now()).toBe(90_000_000);
});

test("a slow answer does not replace a quick one, until that one is old", () => {
  const { at, clock } = page();
  clock.note(iso(90_000_000), 1_000, 1_010);
  at.page = 5_000;
  clock.note(iso(90_009_000), 2_000, 5_000);
  expect(clock.now()).toBe(90_003_995);
  at.page = 100_000;
  clock.note(iso(91_000_000), 98_000, 100_000);
  expect(clock.now()).toBe(91_001_000);
});

test("after a reload, the difference to the device's clock is still known", () => {
  const before = page();
  before.clock.note(iso(90_000_000), 1_000, 1_000);
  const after = page(before.kept);
  after.at.device += 2_000;
  expect(after.clock.now()).toBe(90_002_000);
});

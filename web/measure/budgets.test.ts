// What the site may cost: bytes, time and frames, measured on the built site as people get it.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { DESK, launch, open } from "../journeys/support/browser";
import { concertOf } from "../journeys/support/concerts";
import { audit } from "./support/lighthouse";
import { percentile } from "./support/numbers";

const url = inject("demo");
const STADIUM = 90_000;
const THEATRE = 2_000;
const KILOBYTE = 1_000;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test("the first page is at most 40 kB of JavaScript, the seat map's route at most 30 kB more", async () => {
  const page = await open(await browser.newContext({ ...DESK, serviceWorkers: "block" }));
  const scripts: string[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.endsWith(".js")) scripts.push(pathname);
  });
  await page.goto(url);
  await page.locator(".card").first().waitFor();
  const first = gzipped(scripts);
  scripts.length = 0;
  await page.goto(await concertOf(url, STADIUM));
  await drawn(page);
  const more = gzipped(scripts) - first;
  console.log(`JavaScript, gzipped: first page ${first} bytes, seat map's route ${more} bytes more`);
  expect(first).toBeLessThanOrEqual(40 * KILOBYTE);
  expect(more).toBeLessThanOrEqual(30 * KILOBYTE);
});

test("a map of 90,000 seats can be used within a second of its route opening", async () => {
  const address = await concertOf(url, STADIUM);
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const page = await open(await browser.newContext({ ...DESK, serviceWorkers: "block" }));
    await page.goto(url);
    await page.locator(".card").first().waitFor();
    await page.evaluate((path) => {
      const link = Object.assign(document.createElement("a"), { href: path });
      document.body.append(link);
      performance.mark("opening");
      link.click();
    }, new URL(address).pathname);
    await drawn(page);
    const took = await page.evaluate(() => {
      const at = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
      return at("seat-map-drawn") - at("opening");
    });
    times.push(took);
    await page.context().close();
  }
  console.log(`90,000 seats, from the route's opening until usable: ${times.map(Math.round).join(", ")} ms`);
  expect(percentile(times, 50)).toBeLessThanOrEqual(1_000);
});

test("a frame of panning takes at most 8 ms of script, and 50 ms in all without WebGL", async () => {
  const address = await concertOf(url, STADIUM);
  for (const plain of [false, true]) {
    const page = await open(await browser.newContext(DESK));
    await page.goto(plain ? `${address}?plain-map` : address);
    await drawn(page);
    for (const zooms of [0, 2, 4]) {
      for (let zoom = 0; zoom < zooms; zoom += 1) await page.getByRole("button", { name: "Zoom in" }).click();
      await page.waitForTimeout(500);
      const { scripts, walls } = await pan(page);
      const [p99, p95] = [percentile(scripts, 99), percentile(walls, 95)];
      console.log(`panning ${plain ? "without WebGL" : "with WebGL"}, ${zooms} steps closer: script p99 ${p99.toFixed(1)} ms, frame p95 ${p95.toFixed(1)} ms of ${scripts.length}`);
      if (!plain) expect(p99).toBeLessThanOrEqual(8);
      if (plain) expect(p95).toBeLessThanOrEqual(50);
      await page.getByRole("button", { name: "Whole house" }).click();
      await page.waitForTimeout(500);
    }
    await page.context().close();
  }
});

for (const [name, capacity] of [["the list", 0], ["a concert", THEATRE]] as const) {
  test(`Lighthouse, as on a phone, on ${name}: performance 95, accessibility 100`, async () => {
    const address = capacity === 0 ? url : await concertOf(url, capacity);
    // The best of three: what else the machine does makes a page slower, and nothing makes it faster.
    const runs = [await audit(address), await audit(address), await audit(address)];
    for (const { performance, accessibility, figures } of runs) console.log(`${name}: performance ${performance}, accessibility ${accessibility}; ${figures}`);
    expect(Math.max(...runs.map(({ performance }) => performance))).toBeGreaterThanOrEqual(95);
    expect(Math.min(...runs.map(({ accessibility }) => accessibility))).toBe(100);
  });
}

/** Drags the map about for a while, a step a frame, by events that the page cannot tell from a hand's. */
function pan(page: Page): Promise<{ scripts: number[]; walls: number[] }> {
  return page.evaluate(async () => {
    const map = document.querySelector<HTMLElement>(".map-canvas");
    if (map === null) throw new Error("there is no map");
    const frames: number[] = [];
    (window as { seatMapFrames?: number[] }).seatMapFrames = frames;
    map.setPointerCapture = () => undefined;
    const send = (type: string, step: number) => {
      const { left, top, width, height } = map.getBoundingClientRect();
      const clientX = left + width / 2 + 160 * Math.sin(step / 14);
      const clientY = top + height / 2 + 120 * Math.sin(step / 9);
      map.dispatchEvent(new PointerEvent(type, { pointerId: 7, pointerType: "mouse", button: 0, clientX, clientY, bubbles: true }));
    };
    const walls: number[] = [];
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    send("pointerdown", 0);
    let before = await frame();
    for (let step = 1; step <= 180; step += 1) {
      send("pointermove", step);
      const now = await frame();
      walls.push(now - before);
      before = now;
    }
    send("pointerup", 180);
    return { scripts: frames, walls };
  });
}

function gzipped(paths: readonly string[]): number {
  const dist = fileURLToPath(new URL("../dist", import.meta.url));
  return [...new Set(paths)].reduce((sum, path) => {
    const compressed = `${dist}${path}.gz`;
    try {
      return sum + readFileSync(compressed).length;
    } catch {
      return sum + readFileSync(`${dist}${path}`).length;
    }
  }, 0);
}

async function drawn(page: Page): Promise<void> {
  await page.locator(".map-canvas[data-drawn]").waitFor({ state: "attached", timeout: 60_000 });
}

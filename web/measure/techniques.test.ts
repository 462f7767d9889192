// What each of the site's techniques is worth: the site beside itself without it.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { DESK, PHONE, launch, open } from "../journeys/support/browser";
import { concertOf } from "../journeys/support/concerts";
import { percentile } from "./support/numbers";
import { variant, type Stand, type Without } from "./support/variant";

const service = inject("demo");
const ROUNDS = 7;
const CONCERTS = 10_000;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test("code splitting: first contentful paint on a slow phone", async () => {
  const measured = await both("split", async (url) => {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push(await firstPaint(url));
    return percentile(times, 50);
  });
  tell("first contentful paint", measured, "ms");
  expect(measured.with).toBeLessThan(measured.without);
});

test("the client's cache: requests to the API while somebody compares concerts", async () => {
  const paths = await Promise.all([350, 460, 2_000].map(async (capacity) => new URL(await concertOf(service, capacity)).pathname));
  const measured = await both("cache", async (url) => {
    const page = await open(await browser.newContext({ ...DESK, serviceWorkers: "block" }));
    let asked = 0;
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      // What is watched is asked for again and again on purpose, with and without a cache.
      if (pathname.startsWith("/v1/") && !pathname.endsWith("/availability")) asked += 1;
    });
    await page.goto(url);
    await page.locator(".card").first().waitFor();
    for (const path of [...paths, ...paths, ...paths]) {
      await go(page, path);
      await page.locator(".map-canvas[data-drawn]").waitFor({ state: "attached" });
      await go(page, "/");
      await page.locator(".card").first().waitFor();
    }
    await page.context().close();
    return asked;
  });
  tell("requests to the API", measured, "");
  expect(measured.with).toBeLessThan(measured.without);
});

test("virtual scrolling: nodes in the page with 10,000 concerts", async () => {
  const stand = await tenThousand();
  const measured = await both("virtual", async (url) => {
    const page = await open(await browser.newContext({ ...DESK, serviceWorkers: "block" }));
    page.setDefaultTimeout(240_000);
    await page.goto(url);
    await page.locator(".card").first().waitFor();
    // The list asks for a page when its end comes near, until there is none.
    await page.evaluate(async () => {
      const frame = () => new Promise((resolve) => setTimeout(resolve, 60));
      for (let still = 0, before = 0; still < 12; still += document.body.scrollHeight === before ? 1 : -still) {
        before = document.body.scrollHeight;
        scrollTo(0, before);
        await frame();
      }
    });
    const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
    await page.context().close();
    return nodes;
  }, stand);
  tell(`elements in the page with ${CONCERTS} concerts`, measured, "");
  expect(measured.with).toBeLessThan(measured.without / 10);
});

test("modern formats: bytes of pictures on the first page", async () => {
  const measured = await both("formats", async (url) => {
    const page = await open(await browser.newContext({ ...DESK, serviceWorkers: "block" }));
    const sizes: Promise<number>[] = [];
    page.on("response", (response) => {
      if (new URL(response.url()).pathname.startsWith("/art/")) sizes.push(response.body().then((body) => body.length));
    });
    await page.goto(url);
    await page.locator(".card .art img").first().waitFor();
    for (let screen = 0; screen < 6; screen += 1) {
      await page.mouse.wheel(0, 800);
      await page.waitForTimeout(300);
    }
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    await page.context().close();
    return total;
  });
  tell("bytes of pictures", measured, "");
  expect(measured.with).toBeLessThan(measured.without);
});

interface Measured {
  with: number;
  without: number;
}

async function both(without: Without, measure: (url: string) => Promise<number>, stand?: Stand): Promise<Measured> {
  const [whole, lesser] = [await variant("", service, stand), await variant(without, service, stand)];
  try {
    return { with: await measure(whole.url), without: await measure(lesser.url) };
  } finally {
    await Promise.all([whole.stop(), lesser.stop()]);
  }
}

function tell(what: string, measured: Measured, unit: string): void {
  const less = (100 * (1 - measured.with / measured.without)).toFixed(0);
  console.log(`${what}: ${Math.round(measured.with)} ${unit} with, ${Math.round(measured.without)} ${unit} without: ${less} % less`);
}

/** What a page of a phone with a slow processor on a slow network takes until it shows something. */
async function firstPaint(url: string): Promise<number> {
  const context = await browser.newContext({ ...PHONE, serviceWorkers: "block" });
  const page = await open(context);
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 });
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.goto(url);
  const time = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list, observer) => {
          const [found] = list.getEntriesByName("first-contentful-paint");
          if (found === undefined) return;
          observer.disconnect();
          resolve(found.startTime);
        }).observe({ type: "paint", buffered: true });
      }),
  );
  await context.close();
  return time;
}

/** Follows a link, without loading the page anew. */
async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((href) => {
    const link = Object.assign(document.createElement("a"), { href });
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
}

/** A list of ten thousand concerts, in pages. */
async function tenThousand(): Promise<Stand> {
  const { items } = (await (await fetch(`${service}/v1/concerts?limit=50`)).json()) as { items: object[] };
  return ({ pathname, searchParams }) => {
    if (pathname !== "/v1/concerts") return null;
    const [from, limit] = [Number(searchParams.get("cursor") ?? 0), Number(searchParams.get("limit") ?? 20)];
    const end = Math.min(CONCERTS, from + limit);
    const page = Array.from({ length: end - from }, (_, index) => ({ ...items[(from + index) % items.length], id: String(from + index) }));
    return { items: page, next_cursor: end < CONCERTS ? String(end) : null };
  };
}

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { DESK, PHONE, launch, open } from "./support/browser";
import { concertAt, concertId, takeByHand } from "./support/concerts";
import { chooseByList, hold, secondsLeft, takeBest } from "./support/steps";

const url = inject("url");
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test("a stranger with a phone buys two seats by three taps", async () => {
  const context = await browser.newContext(PHONE);
  const page = await open(context);
  await page.goto(await concertAt(url, "buying"));
  await takeBest(page);
  await page.getByRole("button", { name: /^Confirm/ }).click();
  await page.getByRole("link", { name: "See the tickets" }).click();
  await page.locator(".stub").first().waitFor();
  expect(await page.locator(".stub").count()).toBe(2);
  expect(await page.getByRole("img", { name: /^Code for/ }).count()).toBe(2);

  // What was seen once is there without a network, the page itself included.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await page.reload();
  await page.locator(".stub").first().waitFor();
  expect(await page.locator(".stub").count()).toBe(2);
  await page.getByText(/You are offline|Reconnecting/).waitFor();
  await context.close();
});

test("of two buyers who want one seat, one has it and the other is told so and offered its like", async () => {
  const address = await concertAt(url, "race");
  const other = await launch();
  const buyers = await Promise.all([browser, other].map(async (own) => open(await own.newContext(DESK))));
  for (const page of buyers) {
    await page.goto(address);
    await chooseByList(page, "Stalls", "F", ["7"]);
  }
  const outcomes = await Promise.all(
    buyers.map(async (page) => {
      await page.getByRole("button", { name: /^Hold 1/ }).click().catch(() => undefined);
      const held = page.waitForURL(/\/holds\//).then(() => "held");
      const lost = page.getByText("has just gone to somebody else").waitFor().then(() => "lost");
      return Promise.race([held, lost]);
    }),
  );
  expect(outcomes.sort()).toEqual(["held", "lost"]);
  const loser = buyers.find((page) => !page.url().includes("/holds/"));
  const offer = loser?.locator(".lost-offer").first();
  expect(await offer?.innerText()).toMatch(/row F, seat (6|8)/i);
  await offer?.click();
  if (loser !== undefined) await hold(loser);
  await other.close();
});

test("a seat that somebody else takes while it is chosen says so at once", async () => {
  const page = await open(await browser.newContext(DESK));
  await page.goto(await concertAt(url, "live"));
  await chooseByList(page, "Stalls", "G", ["10", "11"]);
  await takeByHand(url, await concertId(url, "live"), ["ST-G-11"]);
  await page.getByText("Stalls, row g, seat 11 has just gone to somebody else.").waitFor({ timeout: 5_000 });
  expect(await page.locator(".chosen li").count()).toBe(1);
  await page.locator(".lost-offer").first().click();
  expect(await page.locator(".chosen li").count()).toBe(2);
  await page.context().close();
});

test("a hold survives a reload, Back and a second tab, and the clock is the service's", async () => {
  const context = await browser.newContext(DESK);
  const page = await open(context);
  // A device that is an hour wrong counts down all the same.
  await page.clock.install({ time: Date.now() + 3_600_000 });
  await page.goto(await concertAt(url, "reload"));
  await chooseByList(page, "Stalls", "H", ["4", "5"]);
  await hold(page);
  const before = await secondsLeft(page);
  expect(before).toBeGreaterThan(280);
  expect(before).toBeLessThanOrEqual(300);

  await page.reload();
  await page.getByRole("timer").waitFor();
  expect(await secondsLeft(page)).toBeLessThanOrEqual(before);

  await page.goBack();
  await page.getByText(/left on your hold/).waitFor();
  await page.locator(".chosen li").nth(1).waitFor();
  const tab = await open(context);
  await tab.goto(await concertAt(url, "reload"));
  await tab.locator(".chosen li").nth(1).waitFor();
  // One's own hold is in nobody's way: it is changed, in the other tab.
  await tab.getByRole("button", { name: /^Remove/ }).first().click();
  await tab.getByRole("button", { name: /^Change to 1/ }).click();
  await tab.waitForURL(/\/holds\//);
  await tab.locator(".lines li").first().waitFor();
  expect(await tab.locator(".lines li").count()).toBe(1);
  await context.close();
});

test("more time, one seat less, and giving back", async () => {
  const page = await open(await browser.newContext(DESK));
  await page.goto(await concertAt(url, "changing"));
  await chooseByList(page, "Stalls", "J", ["4", "5"]);
  await hold(page);
  await page.getByRole("button", { name: /^Give back Stalls.*seat 4/ }).click();
  await page.locator(".lines li").nth(1).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "More time" }).click();
  await page.getByRole("button", { name: "Extended once" }).waitFor();
  await page.getByRole("button", { name: "Give back", exact: true }).click();
  await page.getByRole("heading", { name: "Given back" }).waitFor();
  await page.getByRole("link", { name: "Look again" }).click();
  await page.getByRole("button", { name: /^Take the best/ }).waitFor();
  await page.context().close();
});

test("a hold that runs out says so, and its seats can be had again", async () => {
  const page = await open(await browser.newContext(DESK));
  await page.goto(await concertAt(url, "running-out"));
  await chooseByList(page, "Stalls", "K", ["4"]);
  await hold(page);
  await page.getByRole("heading", { name: "The time ran out" }).waitFor({ timeout: 15_000 });
  await page.getByRole("link", { name: "Look again" }).click();
  await chooseByList(page, "Stalls", "K", ["4"]);
  await hold(page);
  await page.context().close();
});

test("confirming twice, and losing the first answer, is one reservation", async () => {
  const page = await open(await browser.newContext(DESK));
  await page.goto(await concertAt(url, "changing"));
  await chooseByList(page, "Stalls", "L", ["8"]);
  await hold(page);
  let asked = 0;
  await page.route(/\/confirm$/, async (route) => {
    asked += 1;
    // The service does it, and the answer gets lost on the way.
    if (asked === 1) await route.fetch().then(() => route.abort());
    else await route.continue();
  });
  await page.getByRole("button", { name: /^Confirm/ }).dblclick();
  await page.getByRole("heading", { name: "They are yours" }).waitFor();
  expect(asked).toBeGreaterThan(1);
  await page.getByRole("link", { name: "See the tickets" }).click();
  await page.locator(".stub").first().waitFor();
  expect(await page.locator(".stub").count()).toBe(1);
  await page.context().close();
});

test("a claim whose answer the page did not live to see is one hold", async () => {
  const page = await open(await browser.newContext(DESK));
  await page.goto(await concertAt(url, "changing"));
  await chooseByList(page, "Stalls", "M", ["8", "9"]);
  let claims = 0;
  await page.route(/\/reservations$/, async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    claims += 1;
    // The service does it, and nothing comes back for as long as this page lives.
    if (claims > 1) return route.continue();
    await route.fetch();
    await page.reload();
  });
  await page.getByRole("button", { name: /^Hold 2/ }).click();
  await page.waitForURL(/\/holds\//);
  expect(claims).toBe(2);
  await page.locator(".lines li").nth(1).waitFor();
  await page.context().close();
});

test("places where people stand are taken by number", async () => {
  const page = await open(await browser.newContext(PHONE));
  await page.goto(await concertAt(url, "standing"));
  for (let place = 0; place < 3; place += 1) await page.getByRole("button", { name: "One place more in Floor" }).click();
  await hold(page);
  await page.getByText("3 × Floor").waitFor();
  await page.context().close();
});

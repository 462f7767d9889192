import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { DESK, launch, open } from "./support/browser";
import { concertAt } from "./support/concerts";

const url = inject("url");
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test("section, row, seat, hold and confirm, with nothing but a keyboard", async () => {
  const page = await open(await browser.newContext(DESK));
  await page.goto(await concertAt(url, "keyboard"));
  await page.getByRole("button", { name: /^Take the best/ }).waitFor();
  // It is the first thing after the site's own few links.
  expect(await tabTo(page, "Choose from a list", 6)).toBe(true);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Stalls");
  await page.keyboard.press("Tab");
  await page.keyboard.type("D");
  await page.keyboard.press("Tab");
  const seat = await focused(page);
  expect(seat).toMatch(/^Seat \d+, €/);
  await page.keyboard.press("Space");
  expect(await tabTo(page, "Hold 1 ticket", 80)).toBe(true);
  await page.keyboard.press("Enter");
  await page.getByRole("timer").waitFor();
  expect(await tabTo(page, "Confirm", 12)).toBe(true);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "They are yours" }).waitFor();
  await page.context().close();
});

/** Presses Tab until something that is called so has the focus. */
async function tabTo(page: Page, name: string, most: number): Promise<boolean> {
  for (let pressed = 0; pressed < most; pressed += 1) {
    await page.keyboard.press("Tab");
    if ((await focused(page)).startsWith(name)) return true;
  }
  return false;
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    return element?.getAttribute("aria-label") ?? element?.innerText ?? "";
  });
}

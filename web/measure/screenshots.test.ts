// Photographs of every page, at phone and desktop size, in both themes: to be looked at.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Page } from "playwright-core";
import { inject, test } from "vitest";

import { DESK, PHONE, launch, open } from "../journeys/support/browser";
import { concertOf } from "../journeys/support/concerts";
import { takeBest } from "../journeys/support/steps";

const url = inject("demo");
const FOLDER = fileURLToPath(new URL("../screenshots/", import.meta.url));
const [THEATRE, ARENA, STADIUM, CELLAR, CLUB] = [2_000, 20_000, 90_000, 460, 350] as const;

for (const [size, device] of [["desk", DESK], ["phone", PHONE]] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`${size}, ${colorScheme}`, async () => {
      mkdirSync(FOLDER, { recursive: true });
      const browser = await launch();
      const page = await open(await browser.newContext({ ...device, colorScheme }));
      const photograph = async (name: string) => {
        await page.evaluate(() => document.fonts.ready.then(() => undefined));
        await page.waitForTimeout(400);
        await page.screenshot({ path: `${FOLDER}${name}-${size}-${colorScheme}.png` });
      };
      await page.goto(url);
      await page.locator(".card .art img").first().waitFor();
      await photograph("list");
      await page.goto(`${url}/?q=amber&city=Berlin`);
      await page.locator(".card, .list-none").first().waitFor();
      await photograph("list-found");
      for (const [name, capacity] of [["stadium", STADIUM], ["arena", ARENA], ["cellar", CELLAR], ["club", CLUB], ["theatre", THEATRE]] as const) {
        await page.goto(await concertOf(url, capacity));
        await drawn(page);
        await photograph(name);
      }
      await page.getByText("Choose from a list").click();
      await photograph("theatre-by-list");
      await page.getByText("Choose from a list").click();
      const map = await page.locator(".map-canvas").boundingBox();
      await page.mouse.click((map?.x ?? 0) + (map?.width ?? 0) / 2, (map?.y ?? 0) + (map?.height ?? 0) / 2);
      await photograph("theatre-close");
      await page.reload();
      await drawn(page);
      await takeBest(page);
      await photograph("hold");
      await page.getByRole("button", { name: /^Confirm/ }).click();
      await page.getByRole("link", { name: "See the tickets" }).waitFor();
      await photograph("bought");
      await page.getByRole("link", { name: "See the tickets" }).click();
      await page.locator(".stub").first().waitFor();
      await photograph("tickets");
      await page.goto(`${url}/account`);
      await page.locator(".account-way").first().waitFor();
      await photograph("account");
      await page.goto(`${url}/nowhere`);
      await page.getByText("There is nothing here").waitFor();
      await photograph("nowhere");
      await browser.close();
    });
  }
}

async function drawn(page: Page): Promise<void> {
  await page.locator(".map-canvas[data-drawn]").waitFor({ state: "attached" });
}

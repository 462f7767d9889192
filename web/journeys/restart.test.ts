import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";

import { DESK, launch, open } from "./support/browser";
import { concertAt } from "./support/concerts";
import { Service } from "./support/service";
import { chooseByList, hold } from "./support/steps";

let browser: Browser;
let service: Service;
beforeAll(async () => {
  [browser, service] = await Promise.all([launch(), Service.start()]);
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

test("the service restarts under the page: it says so, goes on, and the hold is still there", async () => {
  const context = await browser.newContext(DESK);
  const page = await open(context);
  await page.goto(await concertAt(service.url, "restart"));
  await chooseByList(page, "Stalls", "F", ["7", "8"]);
  await hold(page);
  const other = await open(context);
  await other.goto(await concertAt(service.url, "restart"));
  await other.locator(".chosen li").nth(1).waitFor();

  await service.halt();
  await other.getByText("Reconnecting…").waitFor();
  await service.run();
  await other.getByText("Reconnecting…").waitFor({ state: "detached", timeout: 30_000 }).catch(() => undefined);
  expect(await other.locator(".banner").innerText()).toBe("");

  await page.getByRole("button", { name: /^Confirm/ }).click();
  await page.getByRole("heading", { name: "They are yours" }).waitFor({ timeout: 30_000 });
  await context.close();
});

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { DESK, PHONE, launch, open } from "./support/browser";
import { concertAt } from "./support/concerts";
import { takeBest } from "./support/steps";

const url = inject("url");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

for (const [name, device] of [["desk", DESK], ["phone", PHONE]] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe finds nothing wrong on any page: ${name}, ${colorScheme}`, async () => {
      const page = await open(await browser.newContext({ ...device, colorScheme, bypassCSP: true }));
      await page.goto(url);
      await page.locator(".card .art img").first().waitFor();
      await check(page);
      await page.goto(await concertAt(url, "looks"));
      await page.getByRole("button", { name: /^Take the best/ }).waitFor();
      await page.getByText("Choose from a list").click();
      await check(page);
      await takeBest(page);
      await check(page);
      await page.getByRole("button", { name: /^Confirm/ }).click();
      await page.getByRole("link", { name: "See the tickets" }).waitFor();
      await check(page);
      await page.goto(`${url}/tickets`);
      await page.locator(".stub").first().waitFor();
      await check(page);
      await page.goto(`${url}/account`);
      await page.locator(".account-way").first().waitFor();
      await check(page);
      await page.goto(`${url}/nowhere`);
      await page.getByText("There is nothing here").waitFor();
      await check(page);
      await page.context().close();
    });
  }
}

async function check(page: Page): Promise<void> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations;
  });
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html}\n  ${node.failureSummary}`).join("\n")}`);
  expect(told, page.url()).toEqual([]);
}

// What people do on the pages, in their words.
import type { Page } from "playwright-core";

/** Chooses seats by the list: section, row, and the seats' labels. */
export async function chooseByList(page: Page, section: string, row: string, labels: readonly string[]): Promise<void> {
  const list = page.locator(".by-list");
  if (!(await list.evaluate((element) => (element as unknown as { open: boolean }).open))) await page.getByText("Choose from a list").click();
  await choose(page, "Section", section);
  await choose(page, "Row", row);
  for (const label of labels) await page.getByRole("button", { name: `Seat ${label},` }).click();
}

/** Chooses the option that begins so. */
async function choose(page: Page, label: string, begins: string): Promise<void> {
  const select = page.getByRole("combobox", { name: label, exact: true });
  const option = select.locator("option", { hasText: new RegExp(`^${begins} ·`) });
  await option.waitFor({ state: "attached" });
  await select.selectOption({ value: (await option.getAttribute("value")) ?? "" });
}

export async function hold(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Hold \d/ }).click();
  await page.waitForURL(/\/holds\//);
  await page.getByRole("timer").waitFor();
}

export async function takeBest(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Take the best/ }).click();
  await page.waitForURL(/\/holds\//);
  await page.getByRole("timer").waitFor();
}

/** Seconds on the hold's clock. */
export async function secondsLeft(page: Page): Promise<number> {
  const shown = await page.getByRole("timer").innerText();
  const [minutes = 0, seconds = 0] = shown.split(":").map(Number);
  return minutes * 60 + seconds;
}

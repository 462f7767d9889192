// Lighthouse with its mobile preset: a slow phone on a slow network, simulated.
import lighthouse from "lighthouse";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { createServer } from "node:net";

export interface Audit {
  performance: number;
  accessibility: number;
  figures: string;
}

export async function audit(url: string): Promise<Audit> {
  const [port, profile] = [await freePort(), mkdtempSync(join(tmpdir(), "frontrow-lighthouse-"))];
  const flags = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--enable-unsafe-swiftshader",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    `--remote-debugging-port=${port}`, `--user-data-dir=${profile}`, "about:blank",
  ];
  const chromium = spawn(process.env.CHROMIUM ?? "/usr/bin/chromium", flags, { stdio: "ignore" });
  const ended = new Promise((resolve) => chromium.once("exit", resolve));
  try {
    await reachable(port);
    const result = await lighthouse(url, { port, output: "json", logLevel: "error", onlyCategories: ["performance", "accessibility"] });
    if (result === undefined) throw new Error("Lighthouse had no result");
    const { categories, audits } = result.lhr;
    const score = (name: string) => Math.round((categories[name]?.score ?? 0) * 100);
    const named = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index"];
    const figures = named.map((name) => `${name} ${audits[name]?.displayValue ?? "?"}`).join(", ");
    return { performance: score("performance"), accessibility: score("accessibility"), figures };
  } finally {
    chromium.kill("SIGTERM");
    await ended;
    rmSync(profile, { recursive: true, force: true });
  }
}

async function reachable(port: number): Promise<void> {
  for (let times = 0; times < 200; times += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/json/version`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("Chromium did not come up");
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

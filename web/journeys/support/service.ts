// A service to make journeys through: `frontrow dev` with data of its own, which may be stopped and
// started again under the pages that are open.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { season } from "./season";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const BINARY = process.env.FRONTROW_BINARY ?? join(ROOT, "target/debug/frontrow");
const READY_MS = 60_000;

export class Service {
  private process: ChildProcess | null = null;
  private log = "";

  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly examples: string,
  ) {}

  /** Starts a service with the examples' houses and concerts that are made for journeys. */
  static async start(houses: readonly string[] = ["theatre", "cellar"]): Promise<Service> {
    const folder = mkdtempSync(join(tmpdir(), "frontrow-journeys-"));
    const examples = join(folder, "examples");
    mkdirSync(examples);
    for (const house of houses) symlinkSync(join(ROOT, `examples/${house}.json`), join(examples, `${house}.json`));
    writeFileSync(join(examples, "season.json"), JSON.stringify({ concerts: season(houses) }));
    return Service.in(folder, examples);
  }

  /** Starts a service with the whole demo season. */
  static startDemo(): Promise<Service> {
    return Service.in(mkdtempSync(join(tmpdir(), "frontrow-demo-")), join(ROOT, "examples"));
  }

  private static async in(folder: string, examples: string): Promise<Service> {
    const service = new Service(`http://127.0.0.1:${await freePort()}`, folder, examples);
    await service.run();
    return service;
  }

  /** Starts the process, again if it was stopped, and waits until it serves. */
  async run(): Promise<void> {
    const { host } = new URL(this.url);
    const settings = ["--listen", host, "--metrics-listen", `127.0.0.1:${await freePort()}`];
    const folders = ["--data", join(this.folder, "data"), "--examples", this.examples];
    const child = spawn(BINARY, ["dev", ...folders, ...settings], { stdio: ["ignore", "pipe", "pipe"] });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (this.log += part.toString()));
    const end = Date.now() + READY_MS;
    while (Date.now() < end && child.exitCode === null) {
      const ready = await fetch(`${this.url}/readyz`).catch(() => null);
      if (ready?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the service did not come up:\n${this.log}`);
  }

  async halt(): Promise<void> {
    const child = this.process;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  async stop(): Promise<void> {
    await this.halt();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

// The demo season, as `make run` shows it.
import type { TestProject } from "vitest/node";

import { Service } from "../../journeys/support/service";

declare module "vitest" {
  interface ProvidedContext {
    demo: string;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const service = await Service.startDemo();
  project.provide("demo", service.url);
  return () => service.stop();
}

// What all journeys go through: one service.
import type { TestProject } from "vitest/node";

import { Service } from "./service";

declare module "vitest" {
  interface ProvidedContext {
    url: string;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const service = await Service.start();
  project.provide("url", service.url);
  return () => service.stop();
}

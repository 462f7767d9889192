import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["journeys/**/*.test.ts"],
    globalSetup: "journeys/support/everything.ts",
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // Each has browsers of its own, and the machine has few cores.
    fileParallelism: false,
    maxWorkers: 1,
  },
});

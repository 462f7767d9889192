import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["measure/*.test.ts"],
    globalSetup: "measure/support/demo.ts",
    testTimeout: 900_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    maxWorkers: 1,
  },
});

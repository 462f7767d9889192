import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["src/**/*.test.ts"], environment: "node" },
  define: { __WITHOUT_CACHE__: "false", __WITHOUT_VIRTUAL__: "false", __WITHOUT_FORMATS__: "false" },
});

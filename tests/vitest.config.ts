import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    globalSetup: "tests/support/gates-table.ts",
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/debian/**"],
    pool: "forks",
    execArgv: ["--expose-gc"],
    testTimeout: 120_000,
  },
});

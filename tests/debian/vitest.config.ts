import { defineConfig } from "vitest/config";

/** The suites that need Debian packages: real music and independent meters. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    globalSetup: "tests/support/gates-table.ts",
    include: ["tests/debian/**/*.test.ts"],
    pool: "forks",
    execArgv: ["--expose-gc"],
    testTimeout: 300_000,
  },
});

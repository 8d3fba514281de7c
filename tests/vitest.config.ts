import { defineConfig } from "vitest/config";
import { GatesTable } from "./support/gates-table.js";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    reporters: [new GatesTable(), "default"],
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/debian/**"],
    pool: "forks",
    execArgv: ["--expose-gc"],
    testTimeout: 120_000,
  },
});

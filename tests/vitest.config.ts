import { defineConfig } from "vitest/config";
import { GatesTable } from "./support/gates-table.js";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    reporters: [new GatesTable(), "default"],
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/debian/**", "tests/appliance/**"],
    // A process runs one file after another: nothing here has state beyond its instances and the processes that it starts.
    isolate: false,
    pool: "forks",
    // By itself vitest leaves one processor free, which on two of them doubles the time.
    maxWorkers: 2,
    execArgv: ["--expose-gc"],
    testTimeout: 120_000,
    // Some tests run in real time, and a machine that others use may hold them up for longer than any buffer lasts. What fails
    // twice is broken; what needed a second try is told.
    retry: 1,
  },
});

import { defineConfig } from "vitest/config";
import { GatesTable } from "../support/gates-table.js";

/** The suites that need Debian packages: real music and independent meters. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    reporters: [new GatesTable(), "default"],
    include: ["tests/debian/**/*.test.ts"],
    pool: "forks",
    // By itself vitest leaves one processor free, which on two of them doubles the time.
    maxWorkers: 2,
    execArgv: ["--expose-gc"],
    testTimeout: 300_000,
    // As in the unit suite: sound in real time, on a machine that others use.
    retry: 1,
    // What is waited for comes late on a busy machine, and ends the wait when it comes.
    expect: { poll: { timeout: 10_000 } },
  },
});

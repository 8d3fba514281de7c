import { defineConfig } from "vitest/config";
import { GatesTable } from "./support/gates-table.js";

/** Tests of what has no state beyond its instances: a process may run one file after another. */
const PURE = "tests/{analysis,conformance,control,dashboard,dsp,hal,meters,params,protocol}/**/*.test.ts";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    reporters: [new GatesTable(), "default"],
    projects: [
      { extends: true, test: { name: "pure", include: [PURE], isolate: false } },
      { extends: true, test: { name: "rest", include: ["tests/**/*.test.ts"], exclude: [PURE, "tests/debian/**", "tests/appliance/**"] } },
    ],
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

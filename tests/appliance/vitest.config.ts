import { defineConfig } from "vitest/config";
import { GatesTable } from "../support/gates-table.js";

/** The suites in the virtual box: a machine of its own, with the kernel's own devices. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    reporters: [new GatesTable(), "default"],
    include: ["tests/appliance/**/*.test.ts"],
    globalSetup: ["tests/appliance/support/global-setup.ts"],
    pool: "forks",
    // By itself vitest leaves one processor free, which on two of them doubles the time.
    maxWorkers: 2,
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
  },
});

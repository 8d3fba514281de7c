import { basename } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { GatesTable } from "../support/gates-table.js";

/** What takes long and what says most first, where the time is short. */
const ORDER = ["power-off", "sound", "panel-faults", "contracts", "stalls", "machine", "panel"];

class InOrder extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => ORDER.indexOf(basename(moduleId, ".test.ts"));
    return Promise.resolve([...files].sort((a, b) => place(a) - place(b)));
  }
}

/** The suites in the virtual box: a machine of its own, with the kernel's own devices. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    reporters: [new GatesTable(), "default"],
    include: ["tests/appliance/**/*.test.ts"],
    globalSetup: ["tests/appliance/support/global-setup.ts"],
    sequence: { sequencer: InOrder },
    pool: "forks",
    // By itself vitest leaves one processor free, which on two of them doubles the time.
    maxWorkers: 2,
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
  },
});

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("../../dist/tests/support/loop-garbage.js", import.meta.url));
const PERIODS = 60_000;
/** What reading the heap costs by itself, and V8 itself leaves when it optimises now and then. */
const READING_BYTES = 64_000;

describe("the sound's loop", () => {
  it(`leaves no garbage collection in ${PERIODS} periods with a fault in each thousand, and under 3 bytes a period`, () => {
    const { collections, restarts, bytes } = JSON.parse(execFileSync("node", ["--no-memory-reducer", SCRIPT, String(PERIODS)], { encoding: "utf8" })) as
      Record<"collections" | "restarts" | "bytes", number>;
    expect(restarts).toBe(PERIODS / 1000);
    expect(collections).toBe(0);
    expect(bytes).toBeLessThan(READING_BYTES);
  });
});

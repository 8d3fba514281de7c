import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("../../dist/tests/scenarios/soak.js", import.meta.url));

it("bears 25 s of changes, presets and faults: nothing non-finite out, the ceiling kept, no collection in the audio thread", () => {
  // The script judges by itself; its lines tell what was not as it must be.
  const { status, stdout, stderr } = spawnSync("node", ["--expose-gc", "--no-memory-reducer", SCRIPT, "--minutes", "0.42"], { encoding: "utf8" });
  expect(status, stdout + stderr).toBe(0);
});

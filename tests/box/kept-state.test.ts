import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { KeptState } from "../../src/box/kept-state.js";
import { Notices } from "../../src/box/notices.js";
import { loadBoxConfig } from "../../src/config/box-config.js";
import { loadTargets } from "../../src/config/targets.js";
import { ParameterStore } from "../../src/control/parameter-store.js";
import { temporaryFolder } from "../support/temp-folder.js";

const folder = temporaryFolder();
const targets = loadTargets();

interface Bench {
  readonly store: ParameterStore;
  readonly state: KeptState;
  readonly notices: Notices;
}

function bench(): Bench {
  const nowMs = (): number => 0;
  const store = new ParameterStore({ targets, nowMs, onListenerError: (error) => expect(error).toBe(undefined) });
  const notices = new Notices({ log: () => undefined, nowMs });
  const state = new KeptState({
    config: loadBoxConfig(undefined).config, boardValues: {}, stateFolder: folder.path, targets: targets.map(({ id }) => id), store, notices,
  });
  return { store, state, notices };
}

it("begins safely, and says so truly, although the saved state cannot be set aside; what is changed then is saved", async () => {
  const first = bench();
  await first.state.load(false);
  first.store.set({ "compressor.ratio": 7 }, "cli");
  first.state.touch();
  await first.state.flush();
  // As many of each name are kept as there may be: no room for another name.
  for (const slot of ["a", "b"]) for (let n = 1; n <= 9; n++) writeFileSync(join(folder.path, `state-v1-${slot}.damaged-${n}`), "");

  const safe = bench();
  await safe.state.load(true);
  expect(safe.store.get("compressor.ratio")).toBe(2);
  expect(safe.store.get("compressor.bypass")).toBe(1);
  expect(safe.notices.standing).toEqual([expect.stringMatching(/^SAFE MODE: .* The saved settings in state-v1-a are not used\. There are 9 such files/)]);
  safe.store.set({ "compressor.ratio": 3 }, "cli");
  safe.state.touch();
  await safe.state.flush();

  const next = bench();
  await next.state.load(false);
  expect(next.store.get("compressor.ratio")).toBe(3);
});

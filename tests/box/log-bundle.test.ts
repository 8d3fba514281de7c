import { expect, it } from "vitest";
import { logBundle } from "../../src/box/log-bundle.js";
import { Notices } from "../../src/box/notices.js";
import { loadBoxConfig } from "../../src/config/box-config.js";
import { boxStatus, controlState } from "../support/fake-box.js";

const { config } = loadBoxConfig(undefined);

it("tells version, status, notices, the lines of the log and what was changed", () => {
  const state = { ...controlState(7), preset: "glue", values: { ...controlState().values, "compressor.ratio": 4 } };
  const text = logBundle({ status: { ...boxStatus(), version: "1.2.3", notices: ["The disk is full."] }, config, state, lines: ["0.1 s  one", "0.2 s  two"] });
  expect(text.split("\n")[0]).toBe("Lacquer 1.2.3 on fake");
  expect(text).toContain("== Notices that stand\nThe disk is full.\n");
  expect(text).toContain("== Last lines of the log\n0.1 s  one\n0.2 s  two\n");
  expect(text).toContain("== Values that are not at their defaults\ncompressor.ratio = 4.0:1\n");
  expect(text).toContain("\"measuredRateHz\": 48000.4");
  expect(text).toContain("\"periodFrames\": 64");
  expect(text).toContain("\"preset\":\"glue\"");
});

it("says none where there is nothing to tell", () => {
  const text = logBundle({ status: boxStatus(), config, state: controlState(), lines: [] });
  for (const title of ["Notices that stand", "Last lines of the log", "Values that are not at their defaults"]) expect(text).toContain(`== ${title}\nnone\n`);
});

it("keeps the last 200 lines of the log, also those that no listener is told", () => {
  const told: string[] = [];
  const logged: string[] = [];
  let nowMs = 0;
  const notices = new Notices({ log: (line) => logged.push(line), nowMs: () => nowMs });
  notices.listen(({ sentence }) => told.push(sentence));
  notices.note("The sound card is simulated.");
  expect(told).toEqual([]);
  expect(notices.lines).toEqual(["0.0 s  The sound card is simulated."]);
  for (let n = 0; n < 250; n++) {
    nowMs += 2000;
    notices.tell("overrun", "warning", `Overrun ${n}.`);
  }
  expect(notices.lines).toHaveLength(200);
  expect(notices.lines.at(-1)).toBe("500.0 s  warning: Overrun 249.");
  expect(logged).toHaveLength(251);
});

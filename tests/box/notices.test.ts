import { describe, expect, it } from "vitest";
import { Notices } from "../../src/box/notices.js";

function fixture(): { notices: Notices; lines: string[]; told: string[]; wait: (ms: number) => void } {
  let nowMs = 5000;
  const lines: string[] = [];
  const told: string[] = [];
  const notices = new Notices({ log: (line) => lines.push(line), nowMs: () => nowMs });
  notices.listen((notice) => told.push(`${notice.level} ${notice.sentence}`));
  return { notices, lines, told, wait: (ms) => (nowMs += ms) };
}

describe("notices", () => {
  it("log a storm of 1000 overruns in 2 s as 2 lines, the second counting the 500 that were held back", () => {
    const { notices, lines, told, wait } = fixture();
    for (let n = 0; n < 1000; n++) {
      notices.tell("overrun", "warning", "The sound was interrupted.");
      wait(2);
    }
    expect(lines).toEqual([
      "warning: The sound was interrupted.",
      "warning: The sound was interrupted. (499 more since the last notice of this kind.)",
    ]);
    expect(told).toHaveLength(2);
  });

  it("tell notices of different kinds at once", () => {
    const { notices, lines } = fixture();
    notices.tell("overrun", "warning", "One.");
    notices.tell("saving", "error", "Two.");
    expect(lines).toEqual(["warning: One.", "error: Two."]);
  });

  it("list a standing notice once until it is settled, and say that it is over", () => {
    const { notices, told } = fixture();
    notices.stand("saving", "error", "The disk is full.");
    notices.stand("saving", "error", "The disk is full.");
    expect(notices.standing).toEqual(["The disk is full."]);
    notices.settle("saving", "Settings are saved again.");
    notices.settle("saving", "Settings are saved again.");
    expect(notices.standing).toEqual([]);
    expect(told).toEqual(["error The disk is full.", "info Settings are saved again."]);
  });

  it("keep at most 100 standing notices and remember at most 100 kinds", () => {
    const { notices, wait } = fixture();
    for (let n = 0; n < 300; n++) {
      notices.stand(`kind ${n}`, "info", `Sentence ${n}.`);
      wait(10);
    }
    expect(notices.standing).toHaveLength(100);
  });

  it("end with the function that listen gave", () => {
    const { notices } = fixture();
    const told: string[] = [];
    const end = notices.listen((notice) => told.push(notice.sentence));
    notices.tell("a", "info", "First.");
    end();
    notices.tell("b", "info", "Second.");
    expect(told).toEqual(["First."]);
  });
});

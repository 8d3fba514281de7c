import { describe, expect, it } from "vitest";
import { Notices } from "../../src/box/notices.js";

function fixture(): { notices: Notices; lines: string[]; told: string[]; wait: (ms: number) => void } {
  let nowMs = 5000;
  const lines: string[] = [];
  const told: string[] = [];
  const timers: { readonly atMs: number; readonly run: () => void }[] = [];
  const notices = new Notices({ log: (line) => lines.push(line), nowMs: () => nowMs, later: (ms, run) => timers.push({ atMs: nowMs + ms, run }) });
  notices.listen((notice) => told.push(`${notice.level} ${notice.sentence}`));
  const wait = (ms: number): void => {
    nowMs += ms;
    for (const timer of timers.splice(0)) {
      if (timer.atMs <= nowMs) timer.run();
      else timers.push(timer);
    }
  };
  return { notices, lines, told, wait };
}

describe("notices", () => {
  it("log a storm of 1000 overruns in 2 s as 3 lines, each after a second, that count all of them", () => {
    const { notices, lines, told, wait } = fixture();
    for (let n = 0; n < 1000; n++) {
      notices.tell("overrun", "warning", "The sound was interrupted.");
      wait(2);
    }
    wait(1000);
    const counts = lines.map((line) => 1 + Number(/^warning: The sound was interrupted\.(?: \((\d+) more since the last notice of this kind\.\))?$/.exec(line)?.[1] ?? 0));
    expect(counts).toHaveLength(3);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
    expect(told).toHaveLength(3);
  });

  it("stand errors before warnings where there is room for one, of equals the latest first, and otherwise by age", () => {
    const { notices } = fixture();
    notices.stand("light", "warning", "A light is broken.");
    notices.stand("configuration", "error", "A line is wrong.");
    notices.stand("sound", "error", "No sound.");
    notices.stand("display", "warning", "The display is gone.");
    expect(notices.standing).toEqual(["A light is broken.", "A line is wrong.", "No sound.", "The display is gone."]);
    expect(notices.gravestFirst).toEqual(["No sound.", "A line is wrong.", "The display is gone.", "A light is broken."]);
  });

  it("tell notices of different kinds at once", () => {
    const { notices, lines } = fixture();
    notices.tell("overrun", "warning", "One.");
    notices.tell("saving", "error", "Two.");
    expect(lines).toEqual(["warning: One.", "error: Two."]);
  });

  it("tell one line a second of a subject, however many kinds take turns, and the last state of each in the end", () => {
    const { notices, lines, wait } = fixture();
    for (let n = 0; n < 40; n++) {
      notices.tell("overrun", "warning", "Over.", "sound");
      notices.tell("underrun", "warning", "Under.", "sound");
      if (n % 2 === 0) notices.stand("gone", "error", `Gone ${n}.`, "sound");
      else notices.settle("gone", "Back.", "sound");
      wait(250);
    }
    // One at the begin and at the end of each of 10 s.
    expect(lines.length).toBeLessThanOrEqual(11);
    for (let n = 0; n < 5; n++) wait(1000);
    const last = (word: string): string | undefined => lines.filter((line) => line.includes(word)).at(-1);
    const times = (word: string): number => lines.reduce((sum, line) => sum + (line.includes(word) ? 1 + Number(/(\d+) more/.exec(line)?.[1] ?? 0) : 0), 0);
    expect([times("Over."), times("Under.")]).toEqual([40, 40]);
    expect([last("Gone"), last("Back")].includes(undefined) || lines.lastIndexOf("Back.") > lines.lastIndexOf(last("Gone") as string)).toBe(true);
    expect(notices.standing).toEqual([]);
  });

  it("tell a notice that comes within a second of the last of its kind, though none follows", () => {
    const { notices, lines, wait } = fixture();
    notices.stand("sound", "error", "Gone.", "sound");
    wait(300);
    notices.settle("sound", "Back.", "sound");
    expect(lines).toEqual(["error: Gone."]);
    wait(1000);
    expect(lines).toEqual(["error: Gone.", "Back."]);
  });

  it("tell the end of what people believe, though it had another sentence meanwhile; and nothing of what came and went untold", () => {
    const { notices, lines, wait } = fixture();
    notices.stand("sound", "error", "Gone.", "sound");
    notices.stand("sound", "error", "Still gone.", "sound");
    notices.stand("offset", "error", "Muted.", "sound");
    notices.settle("offset", "On again.", "sound");
    notices.settle("sound", "Back.", "sound");
    for (let n = 0; n < 5; n++) wait(1000);
    expect(lines).toEqual(["error: Gone.", "Back."]);
  });

  it("list a standing notice once until it is settled, and say that it is over", () => {
    const { notices, told, wait } = fixture();
    notices.stand("saving", "error", "The disk is full.");
    notices.stand("saving", "error", "The disk is full.");
    expect(notices.standing).toEqual(["The disk is full."]);
    notices.settle("saving", "Settings are saved again.");
    notices.settle("saving", "Settings are saved again.");
    expect(notices.standing).toEqual([]);
    wait(1000);
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

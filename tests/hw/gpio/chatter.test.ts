import { describe, expect, it } from "vitest";
import { LineButton } from "../../../hw/gpio/line-button.js";
import { LineEncoder } from "../../../hw/gpio/line-encoder.js";
import type { StepsPerDetent } from "../../../hw/gpio/quadrature.js";
import { turnedBy } from "../../support/contacts.js";
import { simBed } from "../../support/line-beds.js";
import { randomUniform } from "../../support/signals.js";

interface Heard {
  readonly turns: number[];
  readonly changes: boolean[];
  readonly failures: string[];
}

function listeners(): Heard & { readonly encoder: Parameters<LineEncoder["open"]>[0]; readonly button: Parameters<LineButton["open"]>[0] } {
  const heard: Heard = { turns: [], changes: [], failures: [] };
  const failed = (error: Error): void => void heard.failures.push(error.message);
  return { ...heard, encoder: { turned: (detents) => heard.turns.push(detents), failed }, button: { changed: (isPressed) => heard.changes.push(isPressed), failed } };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe("an encoder on lines", () => {
  it.each<StepsPerDetent>([4, 2, 1])("with %i steps a detent fails within a second of chatter at 1 kHz, says so once, and adds up to one detent at most", async (stepsPerDetent) => {
    const { lines, hands } = simBed();
    const heard = listeners();
    const encoder = new LineEncoder(lines, { lines: [5, 6], stepsPerDetent });
    await encoder.open(heard.encoder);
    for (let n = 0; n < 4000; n++) {
      await hands.contact(5, n % 2 === 0);
      await hands.pass(0.5);
    }
    expect(heard.failures).toEqual([expect.stringMatching(/^There is chatter on lines GPIO5 and GPIO6: .*see the contact/)]);
    expect(Math.abs(sum(heard.turns))).toBeLessThanOrEqual(1);
    expect(heard.turns.length).toBeLessThanOrEqual(stepsPerDetent === 1 ? 501 : 0);
    await encoder.close();
    await encoder.open(heard.encoder);
    const before = sum(heard.turns);
    for (const { a, b } of turnedBy({ a: false, b: false }, 3 * stepsPerDetent)) {
      await hands.contact(5, a);
      await hands.contact(6, b);
      await hands.pass(2);
    }
    expect(sum(heard.turns) - before).toBe(3);
  });

  it("takes no minute of turning at 20 turns a second for chatter, with 20 bounces of each contact", async () => {
    const { lines, hands } = simBed();
    const heard = listeners();
    const random = randomUniform(3);
    await new LineEncoder(lines, { lines: [5, 6], stepsPerDetent: 4 }).open(heard.encoder);
    let [before, turned] = [{ a: false, b: false }, 0];
    for (let n = 0; n < 60; n++) {
      const detents = 480 * (random() < 0.5 ? -1 : 1);
      turned += detents;
      for (const state of turnedBy(before, 4 * detents)) {
        const line = state.a === before.a ? 6 : 5;
        const isClosed = line === 5 ? state.a : state.b;
        for (let bounce = 0; bounce < 20; bounce++) await hands.contact(line, isClosed === (bounce % 2 === 0));
        await hands.contact(line, isClosed);
        before = state;
      }
      await hands.pass(1000);
    }
    expect([sum(heard.turns), heard.failures]).toEqual([turned, []]);
  });
});

describe("a button on a line", () => {
  it("fails within a quarter of a second of chatter at 1 kHz, says so once and nothing else, and works when it is opened again", async () => {
    const { lines, hands, later } = simBed();
    const heard = listeners();
    const button = new LineButton({ lines, line: 17, later });
    await button.open(heard.button);
    for (let n = 0; n < 4000; n++) {
      await hands.contact(17, n % 2 === 0);
      await hands.pass(0.5);
      expect(heard.failures).toHaveLength(n < 500 ? 0 : 1);
    }
    expect(heard.changes).toEqual([]);
    expect(heard.failures[0]).toMatch(/^There is chatter on line GPIO17/);
    await button.close();
    await button.open(heard.button);
    await hands.contact(17, true);
    await hands.pass(20);
    expect([heard.changes, heard.failures.length]).toEqual([[true], 1]);
  });

  it("fails at the 31st change within a second, and says so once", async () => {
    const { lines, hands, later } = simBed();
    const heard = listeners();
    await new LineButton({ lines, line: 17, later }).open(heard.button);
    for (let n = 0; n < 200; n++) {
      await hands.contact(17, n % 2 === 0);
      await hands.pass(20);
    }
    expect(heard.changes).toHaveLength(30);
    expect(heard.failures).toEqual([expect.stringMatching(/^There is chatter on line GPIO17/)]);
  });

  it("tells of a click of 100 ms of which it hears only when all is over, and of no bounce", async () => {
    const { lines, hands } = simBed();
    const heard = listeners();
    // The thread is held up: what was to run later has to wait.
    const waiting = new Set<() => void>();
    const later = (_ms: number, run: () => void): (() => void) => {
      waiting.add(run);
      return () => waiting.delete(run);
    };
    await new LineButton({ lines, line: 17, later }).open(heard.button);
    for (const [isClosed, ms] of [[true, 2], [false, 2], [true, 100], [false, 3], [true, 3], [false, 200]] as const) {
      await hands.contact(17, isClosed);
      await hands.pass(ms);
    }
    for (const run of waiting) run();
    expect(heard.changes).toEqual([true, false]);
  });

  it("takes 14 presses a second for ten seconds for what they are, each once, with random bounce", async () => {
    const { lines, hands, later } = simBed();
    const heard = listeners();
    const random = randomUniform(9);
    await new LineButton({ lines, line: 17, later }).open(heard.button);
    for (let n = 0; n < 280; n++) {
      const isPressed = n % 2 === 0;
      let bouncedMs = 0;
      for (let bounce = 0; bounce < 12; bounce++) {
        await hands.contact(17, isPressed === (bounce % 2 === 0));
        const ms = 0.4 * random();
        bouncedMs += ms;
        await hands.pass(ms);
      }
      await hands.contact(17, isPressed);
      await hands.pass(1000 / 28 - bouncedMs);
    }
    expect(heard.changes).toEqual(Array.from({ length: 280 }, (_, n) => n % 2 === 0));
    expect(heard.failures).toEqual([]);
  });
});

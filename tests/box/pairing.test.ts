import { describe, expect, it } from "vitest";
import { Pairing } from "../../src/box/pairing.js";
import { seededBytes } from "../support/handshakes.js";

function create(seed = 1): { pairing: Pairing; clock: { nowMs: number } } {
  const clock = { nowMs: 1e6 };
  return { clock, pairing: new Pairing({ nowMs: () => clock.nowMs, random: seededBytes(seed), pagePort: () => 80 }) };
}

describe("an offer to pair", () => {
  it("stands 60 s to the millisecond, with eight digits and a key of 26 characters", () => {
    const { pairing, clock } = create();
    const offer = pairing.start("view");
    expect(offer).toMatchObject({ role: "view", secondsLeft: 60, triesLeft: 5, pagePort: 80 });
    expect(offer.code).toMatch(/^\d{8}$/);
    expect(offer.key).toMatch(/^[A-Z2-7]{26}$/);
    clock.nowMs += 59_999;
    expect(pairing.find(offer.code!)?.role).toBe("view");
    clock.nowMs += 1;
    expect(pairing.offers).toEqual([]);
    expect(pairing.find(offer.code!)).toBeUndefined();
    expect(pairing.find(offer.key)).toBeUndefined();
  });

  it("is ended by the next, by a phone that came in, and by the fifth wrong code", () => {
    const { pairing } = create();
    const first = pairing.start("control");
    const second = pairing.start("control");
    expect(pairing.find(first.key)).toBeUndefined();
    pairing.close(second.code!);
    expect(pairing.offers).toEqual([]);
    pairing.start("control");
    expect([1, 2, 3, 4, 5].map(() => pairing.wrongTry())).toEqual([4, 3, 2, 1, 0]);
    expect(pairing.offers).toEqual([]);
  });

  it("has no code after ten wrong ones within an hour, and one again an hour later", () => {
    const { pairing, clock } = create();
    for (let offer = 0; offer < 2; offer++) {
      pairing.start("control");
      for (let n = 0; n < 5; n++) pairing.wrongTry();
    }
    expect(pairing.start("control").code).toBeNull();
    clock.nowMs += 3_600_001;
    expect(pairing.start("control").code).toMatch(/^\d{8}$/);
  });

  it("takes no more wrong codes than are left of ten within the hour: an offer of three after seven", () => {
    const { pairing } = create();
    pairing.start("control");
    for (let n = 0; n < 4; n++) pairing.wrongTry();
    expect(pairing.start("control").triesLeft).toBe(5);
    for (let n = 0; n < 3; n++) pairing.wrongTry();
    expect(pairing.start("control").triesLeft).toBe(3);
    expect([1, 2, 3].map(() => pairing.wrongTry())).toEqual([2, 1, 0]);
    expect(pairing.offers).toEqual([]);
    expect(pairing.start("control").code).toBeNull();
  });

  it("has every digit in every place as often as any other, over 20000 offers", () => {
    const { pairing } = create(5);
    const counts = Array.from({ length: 8 }, () => new Array<number>(10).fill(0));
    for (let n = 0; n < 20_000; n++) [...pairing.start("control").code!].forEach((digit, place) => counts[place]![Number(digit)]!++);
    // 2000 each, with a standard deviation of sqrt(20000 * 0.1 * 0.9) = 42: five of them.
    for (const count of counts.flat()) expect(Math.abs(count - 2000)).toBeLessThan(212);
  });

  it("that stands lets any number in by its key, and is not ended by wrong codes", () => {
    const { pairing, clock } = create();
    const standing = pairing.stand("control");
    expect(standing).toMatchObject({ code: null, secondsLeft: null });
    for (let n = 0; n < 10; n++) pairing.wrongTry();
    pairing.close(standing.key);
    clock.nowMs += 1e9;
    expect(pairing.find(standing.key)?.key).toBe(standing.key);
    expect(pairing.stand("control").key).toBe(standing.key);
    expect(pairing.start("control").key).not.toBe(standing.key);
    expect(pairing.offers.map(({ code }) => code === null)).toEqual([false, true]);
  });
});

import { describe, expect, it } from "vitest";
import { Quadrature, type StepsPerDetent } from "../../../hw/gpio/quadrature.js";
import { turnedBy, type Contacts } from "../../support/contacts.js";
import { randomUniform } from "../../support/signals.js";

const DETENTS_A_TURN = 24;
const TURNS_A_SECOND = 20;
const STEPS: readonly StepsPerDetent[] = [4, 2, 1];

/** An edge of one contact. */
interface Edge {
  readonly timeUs: number;
  readonly state: Contacts;
}

/**
 * The edges of a turn with bounce: each contact that changes goes to and fro at random for up to `bounceUs`, in 0.5 to 40 us
 * each time, before it rests.
 */
function bouncing(from: Contacts, steps: number, stepUs: number, bounceUs: number, random: () => number): Edge[] {
  let before = from;
  return turnedBy(from, steps).flatMap((after, n) => {
    const startUs = n * stepUs;
    const lastsUs = random() * bounceUs;
    const edges: Edge[] = [{ timeUs: startUs, state: after }];
    for (let us = startUs; ;) {
      us += 0.5 + 40 * random();
      if (us > startUs + lastsUs) break;
      edges.push({ timeUs: us, state: edges.length % 2 === 1 ? before : after });
    }
    if (edges.length % 2 === 0) edges.push({ timeUs: startUs + lastsUs, state: after });
    before = after;
    return edges;
  });
}

function counted(decoder: Quadrature, edges: readonly Edge[]): { readonly sum: number; readonly told: number[] } {
  const told = edges.map(({ state }) => decoder.take(state.a, state.b)).filter((detents) => detents !== 0);
  return { sum: told.reduce((sum, detents) => sum + detents, 0), told };
}

describe("Quadrature", () => {
  it("counts clockwise turns up and counter-clockwise ones down: A closes first clockwise", () => {
    const decoder = new Quadrature(4);
    decoder.reset(false, false);
    expect([[true, false], [true, true], [false, true], [false, false]].map(([a, b]) => decoder.take(a!, b!))).toEqual([0, 0, 0, 1]);
    expect([[false, true], [true, true], [true, false], [false, false]].map(([a, b]) => decoder.take(a!, b!))).toEqual([0, 0, 0, -1]);
  });

  it.each(STEPS)("with %i steps a detent loses and doubles nothing in 200 random turns at 20 turns a second with contacts that bounce", (stepsPerDetent) => {
    const random = randomUniform(stepsPerDetent);
    const stepUs = 1e6 / (TURNS_A_SECOND * DETENTS_A_TURN * stepsPerDetent);
    const decoder = new Quadrature(stepsPerDetent);
    decoder.reset(false, false);
    let state: Contacts = { a: false, b: false };
    for (let n = 0; n < 200; n++) {
      const detents = Math.ceil(3 * DETENTS_A_TURN * random()) * (random() < 0.5 ? -1 : 1);
      // Each contact has come to rest before the other one moves.
      const edges = bouncing(state, detents * stepsPerDetent, stepUs, 0.95 * stepUs, random);
      state = edges.at(-1)!.state;
      const { sum, told } = counted(decoder, edges);
      expect(sum).toBe(detents);
      // With every step a detent, bounce is heard as a step forth and one back.
      if (stepsPerDetent > 1) expect(told.every((step) => step === Math.sign(detents))).toBe(true);
    }
  });

  it.each(STEPS)("with %i steps a detent makes nothing of a contact that chatters at 1 kHz for a minute", (stepsPerDetent) => {
    const decoder = new Quadrature(stepsPerDetent);
    decoder.reset(false, false);
    let sum = 0;
    let worst = 0;
    for (let n = 0; n < 60_000; n++) {
      sum += decoder.take(n % 2 === 0, false);
      worst = Math.max(worst, Math.abs(sum));
    }
    expect(sum).toBe(0);
    expect(worst).toBe(stepsPerDetent === 1 ? 1 : 0);
  });

  it("is off by one detent at most for each edge that was missed, over 500 random turns", () => {
    const random = randomUniform(7);
    for (let n = 0; n < 500; n++) {
      const decoder = new Quadrature(4);
      decoder.reset(false, false);
      const detents = Math.ceil(2 * DETENTS_A_TURN * random()) * (random() < 0.5 ? -1 : 1);
      let missed = 0;
      const states = turnedBy({ a: false, b: false }, 4 * detents);
      const seen = states.filter((_, index) => {
        const isMissed = index < states.length - 1 && random() < 0.05;
        if (isMissed) missed++;
        return !isMissed;
      });
      const sum = seen.reduce((total, { a, b }) => total + decoder.take(a, b), 0);
      expect(Math.abs(detents - sum)).toBeLessThanOrEqual(missed);
    }
  });

  it.each(STEPS)("with %i steps a detent is off by at most the detents that a missed edge can be, with bounce and chatter at 1 kHz between 300 random turns", (stepsPerDetent) => {
    const random = randomUniform(40 + stepsPerDetent);
    const stepUs = 1e6 / (TURNS_A_SECOND * DETENTS_A_TURN * stepsPerDetent);
    for (let n = 0; n < 300; n++) {
      const decoder = new Quadrature(stepsPerDetent);
      decoder.reset(false, false);
      let state: Contacts = { a: false, b: false };
      let [turned, sum, missed] = [0, 0, 0];
      const take = ({ a, b }: Contacts): number => (sum += decoder.take(a, b));
      for (let part = 0; part < 4; part++) {
        const detents = Math.ceil(DETENTS_A_TURN * random()) * (random() < 0.5 ? -1 : 1);
        turned += detents;
        const edges = bouncing(state, detents * stepsPerDetent, stepUs, 0.9 * stepUs, random);
        state = edges.at(-1)!.state;
        for (const [index, edge] of edges.entries()) {
          // The last edge brings the contacts to rest: a driver that lost it reads them anew.
          if (index < edges.length - 1 && random() < 0.02) missed++;
          else take(edge.state);
        }
        // A second of chatter on one contact ends as it began.
        for (let edge = 0; edge < 2000; edge++) take({ ...state, b: state.b !== (edge % 2 === 0) });
      }
      expect(Math.abs(turned - sum)).toBeLessThanOrEqual(missed);
    }
  });

  it("loses no detent of a steady turn when single edges are missed here and there", () => {
    const random = randomUniform(8);
    const decoder = new Quadrature(4);
    decoder.reset(false, false);
    const states = turnedBy({ a: false, b: false }, 4000);
    // One of the three edges between two rests of each fifth detent: the state jumps over it.
    const missing = new Set(Array.from({ length: 200 }, (_, n) => 20 * n + Math.floor(3 * random())));
    const sum = states.filter((_, index) => !missing.has(index)).reduce((total, { a, b }) => total + decoder.take(a, b), 0);
    expect(sum).toBe(1000);
  });
});

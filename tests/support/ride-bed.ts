import { Programme } from "../../hw/sim/programme.js";
import { Chain } from "../../src/engine/chain.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import { LoudnessMeter } from "../../src/meters/loudness-meter.js";
import { RIDE_STATES, type RideState } from "../../src/protocol/meter-snapshot.js";
import { drums } from "./programmes.js";
import { measureProgramme } from "./measure-programme.js";
import { pinkNoise, randomUniform, whiteNoise } from "./signals.js";

export const RATE_HZ = 48_000;
const BLOCK = 480;

/** A piece of sound that is played over and over, interleaved stereo, at 0 LUFS. */
export type Loop = Float64Array;

/** Something that plays for a while at a level: the loop, or silence. */
export interface Passage {
  readonly loop: Loop | null;
  readonly seconds: number;
  readonly lufs: number;
}

/** What came out: each 10 ms the gain of the ride and its state, and the loudness and peak of the output. */
export interface Ridden {
  readonly gainsDb: readonly number[];
  readonly states: readonly RideState[];
  /** Integrated loudness of the output since its beginning, at the end of each second. */
  readonly integratedLufs: readonly number[];
  readonly momentaryLufs: readonly number[];
  readonly truePeakDbtp: number;
}

function levelled(left: Float64Array, right = left): Loop {
  const gain = 10 ** (-(measureProgramme({ left, right }).integratedLufs ?? 0) / 20);
  return Float64Array.from({ length: 2 * left.length }, (_, k) => gain * (k % 2 === 0 ? left : right)[k >> 1]!);
}

/** 53 s out of the middle of the simulated mixer's song: verse and chorus, with drums, bass, chords and a lead. */
export function song(seconds = 53): Loop {
  const mixer = new Programme();
  mixer.prepare(RATE_HZ);
  const skipped = new Float64Array(2 * BLOCK);
  for (let k = 0; k < 3600; k++) mixer.render(skipped, BLOCK);
  const pairs = new Float64Array(2 * seconds * RATE_HZ);
  for (let at = 0; at < pairs.length; at += 2 * BLOCK) mixer.render(pairs.subarray(at, at + 2 * BLOCK), BLOCK);
  return levelled(pairs.filter((_, k) => k % 2 === 0), pairs.filter((_, k) => k % 2 === 1));
}

/** A drum loop of 8 s. */
export function drumLoop(): Loop {
  return levelled(drums(8 * RATE_HZ, RATE_HZ, -6, 3));
}

/** 20 s of pink noise: as even as a programme can be, with its share of bass. */
export function pink(): Loop {
  return levelled(pinkNoise(20 * RATE_HZ, -20, 5), pinkNoise(20 * RATE_HZ, -20, 6));
}

/**
 * 12 s of applause: `perSecond` claps a second at random, each a burst of noise that rings at 0.7 to 2.5 kHz and decays within
 * some milliseconds (Peltola, Erkut, Cook, Välimäki, "Synthesis of hand clapping sounds", IEEE TASLP 15(3), 2007).
 */
export function applause(perSecond: number, seed: number): Loop {
  const channel = (ownSeed: number): Float64Array => {
    const random = randomUniform(ownSeed);
    const noise = whiteNoise(12 * RATE_HZ, -10, ownSeed + 1);
    const out = new Float64Array(12 * RATE_HZ);
    for (let clap = 0; clap < 12 * perSecond; clap++) {
      const at = Math.floor(random() * out.length);
      const w = (2 * Math.PI * 700 * 3.5 ** random()) / RATE_HZ;
      const r = Math.exp(-w / 4);
      const decay = Math.exp(-1 / (RATE_HZ * (0.003 + 0.006 * random())));
      let [y1, y2, envelope] = [0, 0, 0.3 + 0.7 * random()];
      for (let n = at; n < Math.min(out.length, at + 2400); n++) {
        const y = envelope * noise[n]! + 2 * r * Math.cos(w) * y1 - r * r * y2;
        [y2, y1, envelope] = [y1, y, envelope * decay];
        out[n] = out[n]! + y - y2;
      }
    }
    return out;
  };
  return levelled(channel(seed), channel(seed + 100));
}

/** Plays passages one after the other through the whole chain, with the ride on. */
export function ride(passages: readonly Passage[], parameters: Readonly<Record<string, number>> = {}): Ridden {
  const chain = new Chain({ sampleRateHz: RATE_HZ, maxFrames: BLOCK }, Object.entries({ "compressor.bypass": 1, "loudness.ride": 1, ...parameters }));
  const meter = new LoudnessMeter();
  const ridden = { gainsDb: [] as number[], states: [] as RideState[], integratedLufs: [] as number[], momentaryLufs: [] as number[] };
  for (const { loop, seconds, lufs } of passages) {
    const gain = 10 ** (lufs / 20);
    for (let block = 0; block < 100 * seconds; block++) {
      chain.io.fill(0, 0, 2 * BLOCK);
      if (loop !== null) for (let k = 0; k < 2 * BLOCK; k++) chain.io[k] = gain * loop[(2 * BLOCK * block + k) % loop.length]!;
      chain.process(BLOCK);
      chain.takeRecords((fields) => {
        const { output, rideGainDb, rideState } = readMeterRecord(fields);
        meter.addBin(output.kMeanSquares, Math.max(...output.truePeaks), Math.max(...output.samplePeaks));
        ridden.gainsDb.push(rideGainDb);
        ridden.states.push(RIDE_STATES[rideState]!);
        ridden.momentaryLufs.push(meter.momentaryLufs ?? -Infinity);
        if (ridden.gainsDb.length % 100 === 0) ridden.integratedLufs.push(meter.integratedLufs ?? -Infinity);
      });
    }
  }
  return { ...ridden, truePeakDbtp: meter.truePeakDbtp ?? -Infinity };
}

/** Largest less smallest. */
export function spread(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity) - values.reduce((least, value) => Math.min(least, value), Infinity);
}

import { landOnTarget } from "../../../src/meters/landing.js";
import { PARAMETERS } from "../../../src/params/table.js";
import { AT_WORK } from "../../bench/chain.js";
import { programme } from "../../bench/programme.js";
import { measureProgramme } from "../../support/measure-programme.js";
import { runChain, type StereoSignal } from "../../support/run-chain.js";
import { concat } from "../../support/signals.js";
import { soundOf, wireOf } from "./wire.js";

const RATE = 48000;
const PERIOD_FRAMES = 64;
/** Peaks of the mixer stay 6 dB below full scale. */
const MIXER_GAIN = 0.5;
const DRIVE_RANGE_DB = [0, 24] as const;

/** A programme, and how the chain masters it on this machine. */
export interface OfflineMaster {
  /** As the mixer plays it: interleaved stereo of 32 bits. */
  readonly programme: Uint8Array;
  /** Parameters of the chain: every stage at work, and the drive that lands on the target. */
  readonly parameters: Readonly<Record<string, number>>;
  /** The same as a configuration names them. */
  readonly values: Readonly<Record<string, number | string>>;
  /** Delay of the chain. */
  readonly chainFrames: number;
}

/** Masters so many seconds of something like music, every stage of the chain at work, to `targetLufs`. */
export async function offlineMaster(seconds: number, targetLufs: number): Promise<OfflineMaster> {
  const music = programme(RATE, seconds);
  const side = (first: number): Float64Array => Float64Array.from({ length: music.length / 2 }, (_, n) => MIXER_GAIN * music[2 * n + first]!);
  const wire = wireOf({ left: side(0), right: side(1) });
  const sound = soundOf(wire);
  const { pass } = await landOnTarget(targetLufs, AT_WORK["loudness.driveDb"] ?? 0, DRIVE_RANGE_DB, async (driveDb) => {
    const parameters = { ...AT_WORK, "chain.levelMatch": 1, "loudness.driveDb": driveDb };
    let chainFrames = 0;
    const master = runChain(sound, { blockFrames: PERIOD_FRAMES, parameters, afterBlock: (chain) => (chainFrames = chain.latencyFrames) });
    return { driveDb, integratedLufs: measureProgramme(master).integratedLufs, meanLimitingDb: 0, parameters, chainFrames };
  });
  return { programme: wire, parameters: pass.parameters, values: named(pass.parameters), chainFrames: pass.chainFrames };
}

/**
 * What the chain makes of the programme's first frames when the first of them is the `phase`-th of a turn of the chain's control
 * clock: in the box the programme begins at any.
 */
export function masterFrom(offline: OfflineMaster, phase: number, frames = Infinity): StereoSignal {
  const sound = soundOf(offline.programme);
  const late = (channel: Float64Array): Float64Array => concat(new Float64Array(phase), channel.subarray(0, frames));
  const { left, right } = runChain({ left: late(sound.left), right: late(sound.right) }, { blockFrames: PERIOD_FRAMES, parameters: offline.parameters });
  return { left: left.subarray(phase), right: right.subarray(phase) };
}

/** Values as a person writes them: switches and choices by their words. */
function named(parameters: Readonly<Record<string, number>>): Record<string, number | string> {
  return Object.fromEntries(Object.entries(parameters).map(([id, value]) => {
    const row = PARAMETERS.find((each) => each.id === id);
    if (row?.kind === "switch") return [id, value === 1 ? "on" : "off"];
    return [id, row?.kind === "choice" ? row.choices[value] ?? "" : value];
  }));
}

import type { SoundProfile } from "../../src/analysis/sound-profile.js";
import { profileSource } from "../../src/cli/profile-source.js";
import { MemorySource } from "./memory-source.js";
import type { StereoSignal } from "./run-chain.js";

/** The profile of a stereo programme, as of a file. */
export function profileSignal({ left, right }: StereoSignal, sampleRateHz = 48_000): Promise<SoundProfile> {
  return profileSource(new MemorySource(sampleRateHz, left.length, (n) => left[n]!, (n) => right[n]!));
}

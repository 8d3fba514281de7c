import { ProfileRecorder } from "../analysis/profile-recorder.js";
import type { SoundProfile } from "../analysis/sound-profile.js";
import type { AudioSource } from "../files/audio-source.js";
import { WEIGHTS_MONO, WEIGHTS_STEREO } from "../meters/loudness-meter.js";
import { measureSource } from "./figures.js";

/** Windows of 3 s of a file that its profile is made of: the last 20 minutes. */
const WINDOWS = 400;

/** Listens to a whole source and sums it up. */
export async function profileSource(source: AudioSource, onProgress?: (share: number) => void): Promise<SoundProfile> {
  const recorder = new ProfileRecorder(source.sampleRateHz, { windows: WINDOWS, weights: source.channels === 1 ? WEIGHTS_MONO : WEIGHTS_STEREO });
  await measureSource(source, {
    onTap: (tap) => recorder.addBin(tap),
    onSound: (sound, frames) => recorder.add(sound, frames),
    ...(onProgress && { onProgress }),
  });
  return recorder.profile;
}

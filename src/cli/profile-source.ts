import { ProfileRecorder } from "../analysis/profile-recorder.js";
import { WINDOW_S } from "../analysis/profile-windows.js";
import type { SoundProfile } from "../analysis/sound-profile.js";
import type { AudioSource } from "../files/audio-source.js";
import { measureSource } from "./figures.js";

/** Listens to a whole source as it is played, mono on both channels, and sums it up; takes 1.8 MB for an hour of it. */
export async function profileSource(source: AudioSource, onProgress?: (share: number) => void): Promise<SoundProfile> {
  const recorder = new ProfileRecorder(source.sampleRateHz, {
    windows: 1 + Math.ceil(source.frames / source.sampleRateHz / WINDOW_S),
  });
  await measureSource(source, {
    onTap: (tap) => recorder.addBin(tap),
    onSound: (sound, frames) => recorder.add(sound, frames),
    ...(onProgress && { onProgress }),
  });
  return recorder.profile;
}

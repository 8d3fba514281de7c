import type { AudioDuplex } from "../hal/audio.js";
import type { Chain } from "./chain.js";

/** Moves sound from the device through the chain and back until `isDone` says so; `onPeriod` is called after each period. */
export async function play(device: AudioDuplex, chain: Chain, isDone: () => boolean, onPeriod: () => void): Promise<void> {
  while (!isDone()) {
    await device.read(chain.io);
    chain.process(device.periodFrames);
    device.write(chain.io);
    onPeriod();
  }
}

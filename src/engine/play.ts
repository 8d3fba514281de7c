import type { Chain } from "./chain.js";

/** A device that is read and written on one thread with everything else. */
interface SoundDevice {
  readonly periodFrames: number;
  read(target: Float64Array): Promise<void>;
  write(source: Float64Array): void;
}

/** Moves sound from the device through the chain and back until `isDone` says so; `onPeriod` is called after each period. */
export async function play(device: SoundDevice, chain: Chain, isDone: () => boolean, onPeriod: () => void): Promise<void> {
  while (!isDone()) {
    await device.read(chain.io);
    chain.process(device.periodFrames);
    device.write(chain.io);
    onPeriod();
  }
}

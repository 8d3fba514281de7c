import { setFlagsFromString } from "node:v8";
import type { AudioDuplex, AudioRequest } from "../hal/audio.js";
import type { BypassRelay } from "../hal/bypass-relay.js";
import type { Clock } from "../hal/clock.js";
import type { RealTime } from "../hal/real-time.js";
import { AudioLoop } from "./audio-loop.js";
import { ControlBlock } from "./control-block.js";
import { DeviceChain } from "./device-chain.js";

/** What the box hands its audio thread. `device` describes the device in plain values, for whoever builds it there. */
export interface AudioThreadData<Device> {
  readonly device: Device;
  readonly request: AudioRequest;
  readonly values: readonly (readonly [id: string, value: number])[];
  readonly tapSeconds: number;
  readonly control: SharedArrayBuffer;
  readonly memory: WebAssembly.Memory;
}

export interface AudioThreadParts {
  readonly device: AudioDuplex;
  readonly relay: BypassRelay;
  readonly clock: Clock;
  readonly realTime: RealTime;
}

/**
 * Runs the sound on the calling thread until the box says stop. Blocks the thread; throws what a healthy thread
 * cannot meet.
 */
export function runAudioThread(data: AudioThreadData<unknown>, parts: AudioThreadParts): void {
  // All of the WebAssembly is compiled to the end before it is needed; by default the first calls compile it.
  setFlagsFromString("--no-wasm-lazy-compilation");
  setFlagsFromString("--no-liftoff");
  const { request, memory, values, tapSeconds } = data;
  const loop = new AudioLoop({
    ...parts,
    request,
    control: new ControlBlock(data.control),
    createChain: (format) => new DeviceChain(format, { memory, values, tapFrames: tapSeconds * format.sampleRateHz }),
  });
  loop.run();
}

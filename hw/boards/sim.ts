import { FaultPort } from "../sim/fault-port.js";
import type { LoopedSound } from "../sim/loop-source.js";
import type { MixerDescription, SimDescription } from "./audio.js";

/** What the configuration says about the simulated board; a sound file comes decoded. */
export interface SimSettings {
  readonly mixer: "programme" | "pink" | "sine" | "silence" | LoopedSound;
  /** WAV file that takes what is played; null for none. */
  readonly recorder: string | null;
  /** WAV file that takes what the monitor output plays; null for none. */
  readonly monitor: string | null;
  /** A cable from the output to the input, in place of the mixer. */
  readonly patchCable: boolean;
}

/** The simulated board: no hardware. */
export function simBoard({ mixer, recorder, monitor, patchCable }: SimSettings): SimDescription {
  const faults = new FaultPort();
  faults.patch(patchCable);
  return {
    driver: "sim", mixer: describe(mixer), faults: faults.buffer,
    ...(recorder !== null && { recorderPath: recorder }), ...(monitor !== null && { monitorPath: monitor }),
  };
}

function describe(mixer: SimSettings["mixer"]): MixerDescription {
  if (typeof mixer === "object") return { kind: "sound", sound: mixer };
  return mixer === "programme" ? { kind: "programme" } : { kind: "generator", options: { signal: mixer } };
}

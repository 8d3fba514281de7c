import type { AudioDuplex, PcmFormat } from "../../src/hal/audio.js";
import type { Clock } from "../../src/hal/clock.js";
import { AlsaAudio, type AlsaDevices } from "../alsa/alsa-audio.js";
import { FaultPort } from "../sim/fault-port.js";
import { Generator, type GeneratorOptions } from "../sim/generators.js";
import { LoopSource, type LoopedSound } from "../sim/loop-source.js";
import type { MixerSource } from "../sim/mixer-source.js";
import { Programme } from "../sim/programme.js";
import type { SimRelay } from "../sim/sim-relay.js";
import { SimAudio, type SimAudioOptions } from "../sim/sim-audio.js";
import { WavRecorder } from "../sim/wav-recorder.js";
import { warmUpSim } from "../sim/warm-up.js";
import { StreamAudio } from "../stream/stream-audio.js";
import type { StreamOptions } from "../stream/stream-options.js";

/** What plays at the input of the simulated board. */
export type MixerDescription =
  | { readonly kind: "programme" }
  | { readonly kind: "generator"; readonly options: GeneratorOptions }
  | { readonly kind: "sound"; readonly sound: LoopedSound };

/** The simulated board. */
export interface SimDescription {
  readonly driver: "sim";
  /** The built-in programme by default. */
  readonly mixer?: MixerDescription;
  /** Path of a WAV file that takes what is played; nothing by default. */
  readonly recorderPath?: string;
  /** Path of a WAV file that takes what the monitor output plays; nothing by default. */
  readonly monitorPath?: string;
  /** Buffer of the `FaultPort` by which others break the device. */
  readonly faults?: SharedArrayBuffer;
  /** The one format that it offers; FLOAT_LE by default. */
  readonly format?: PcmFormat;
  /** False moves sound as fast as it is asked for; true by default. */
  readonly isPaced?: boolean;
}

/** A sound card, by the names that ALSA knows it by. */
export interface AlsaDescription extends AlsaDevices {
  readonly driver: "alsa";
}

/** The packages alsa-capture and speaker, for boards where latency does not matter. */
export interface StreamDescription extends StreamOptions {
  readonly driver: "stream";
}

/** A sound device in plain values, which can be handed to the thread that makes it. */
export type AudioDescription = SimDescription | AlsaDescription | StreamDescription;

function createMixer(mixer: MixerDescription): MixerSource {
  switch (mixer.kind) {
    case "programme": return new Programme();
    case "generator": return new Generator(mixer.options);
    case "sound": return new LoopSource(mixer.sound);
  }
}

function createSim({ mixer = { kind: "programme" }, recorderPath, monitorPath, faults, format, isPaced }: SimDescription, clock: Clock, relay?: SimRelay): SimAudio {
  const options: SimAudioOptions = {
    clock,
    mixer: createMixer(mixer),
    ...(recorderPath !== undefined && { recorder: new WavRecorder(recorderPath) }),
    ...(monitorPath !== undefined && { monitor: new WavRecorder(monitorPath) }),
    ...(relay && { relay }),
    ...(faults && { faults: new FaultPort(faults) }),
    ...(format && { format }),
    ...(isPaced !== undefined && { isPaced }),
  };
  warmUpSim(options);
  return new SimAudio(options);
}

/**
 * Makes the described device on the thread that will use it; it is not opened yet. Native code is loaded only for drivers
 * that need it.
 * @param relay - what stands between the simulated board and its recorder; nothing by default
 */
export function createAudio(description: AudioDescription, clock: Clock, relay?: SimRelay): AudioDuplex {
  switch (description.driver) {
    case "sim": return createSim(description, clock, relay);
    case "alsa": return new AlsaAudio(description, clock);
    case "stream": return new StreamAudio(description, clock);
  }
}

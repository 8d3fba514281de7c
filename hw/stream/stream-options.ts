import type { PcmFormat } from "../../src/hal/audio.js";

/** Which devices the packages open, and which packages: plain values. */
export interface StreamOptions {
  /** ALSA's name of the device of the mixer; "default" by default. */
  readonly captureDevice?: string;
  /** ALSA's name of the device of the recorder; "default" by default. */
  readonly playbackDevice?: string;
  /** What takes the place of the package alsa-capture: the path of a module with the same interface. */
  readonly capturePackage?: string;
  /** What takes the place of the package speaker. */
  readonly speakerPackage?: string;
}

export const CAPTURE_PACKAGE = "alsa-capture";
export const SPEAKER_PACKAGE = "speaker";

/** What the child process is told. */
export interface ChildJob {
  readonly capturePackage: string;
  readonly speakerPackage: string;
  readonly captureDevice: string;
  readonly playbackDevice: string;
  readonly sampleRateHz: number;
  readonly periodFrames: number;
  readonly format: PcmFormat;
}

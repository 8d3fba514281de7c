import { createRequire } from "node:module";
import type { EventEmitter } from "node:events";
import type { Writable } from "node:stream";
import type { ChildJob } from "./stream-options.js";

/** The parts of alsa-capture and speaker that are used. Declared here, because the packages are optional. */
export interface CapturePackage {
  new (options: { channels: number; format: string; periodSize: number; rate: number; device: string }): EventEmitter;
}
export interface SpeakerPackage {
  new (options: {
    channels: number; sampleRate: number; bitDepth: number; float: boolean; signed: boolean; device: string; samplesPerFrame: number;
  }): Writable;
}

const require = createRequire(import.meta.url);

/** Finds a package without loading it. */
export function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** Loads both packages. May end the process: only for a child that can be spared. */
export function loadPackages({ capturePackage, speakerPackage }: ChildJob): { Capture: CapturePackage; Speaker: SpeakerPackage } {
  // The names come from options, because the packages are optional and tests have stand-ins.
  const load = require as (name: string) => unknown;
  return { Capture: load(capturePackage) as CapturePackage, Speaker: load(speakerPackage) as SpeakerPackage };
}

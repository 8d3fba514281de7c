import { createRequire } from "node:module";
import { AudioError } from "../../src/hal/audio.js";

/** A shared library of the system, opened by `koffi`. */
export interface NativeLibrary {
  /** Looks a function up and makes it callable; `prototype` is its declaration in C. */
  func<Call>(prototype: string): Call;
  /** Address of a function or variable. */
  symbol(name: string): unknown;
}

/** The part of the package `koffi` that the drivers use. Declared here, because the package is optional. */
export interface Koffi {
  /** Opens a library by the name that the loader knows. Throws when there is none. */
  load(name: string): NativeLibrary;
  /** Number of the last error of a call made by this thread. */
  errno(): number;
}

const require = createRequire(import.meta.url);

/** Loads the optional package `koffi`, which calls C functions; undefined where it is not installed or cannot run. */
export function findKoffi(): Koffi | undefined {
  try {
    return require("koffi") as Koffi;
  } catch {
    return undefined;
  }
}

/** Opens a library of the system; undefined where `koffi` or the library is not installed. */
export function findLibrary(name: string): NativeLibrary | undefined {
  try {
    return findKoffi()?.load(name);
  } catch {
    return undefined;
  }
}

/**
 * Loads `koffi` for a driver that cannot work without.
 * @throws AudioError of kind "missing" with the remedy.
 */
export function needKoffi(): Koffi {
  const koffi = findKoffi();
  if (koffi === undefined) {
    throw new AudioError("missing", "The sound card cannot be reached without the package koffi: run `npm install koffi`.");
  }
  return koffi;
}

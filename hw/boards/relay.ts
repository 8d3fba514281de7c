import type { BypassRelay } from "../../src/hal/bypass-relay.js";
import type { Clock } from "../../src/hal/clock.js";
import { systemFiles } from "../linux/device-files.js";
import { GpioRelay } from "../relay/gpio-relay.js";
import { NO_LINE } from "../relay/relay-line.js";
import { SimRelay } from "../sim/sim-relay.js";

/** The relay in plain values, which can be handed to the thread that beats it. */
export interface RelayDescription {
  /** Memory of one word: the file of the relay's line, once it is held. Files belong to the process, so that its end gives the line back. */
  readonly relayLine?: SharedArrayBuffer;
}

/** A relay whose line is not held yet. */
export function describeRelay(): Required<RelayDescription> {
  const relayLine = new SharedArrayBuffer(4);
  new Int32Array(relayLine)[0] = NO_LINE;
  return { relayLine };
}

/** Makes the described relay on the thread that beats it. */
export function createRelay({ relayLine }: RelayDescription, clock: Clock): BypassRelay {
  const files = systemFiles();
  return relayLine === undefined || files === undefined ? new SimRelay(clock) : new GpioRelay(files, new Int32Array(relayLine));
}

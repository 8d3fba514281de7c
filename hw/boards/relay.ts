import type { BypassRelay } from "../../src/hal/bypass-relay.js";
import type { Clock } from "../../src/hal/clock.js";
import { LineError } from "../../src/hal/digital.js";
import type { Control } from "../../src/hal/panel.js";
import { holdLines } from "../gpio/chip-lines.js";
import { HEADER_LABELS, systemChips } from "../gpio/chip-search.js";
import { systemFiles } from "../linux/device-files.js";
import { GpioRelay } from "../relay/gpio-relay.js";
import { SimRelay } from "../sim/sim-relay.js";
import { hasHeader, type PanelSettings } from "./panel.js";

/** The relay in plain values, which can be handed to the thread that beats it. */
export interface RelayDescription {
  /** The file of its line; without one there is no relay. Files belong to the process, so that its end gives the line back. */
  readonly relayFd?: number;
}

/** What became of the relay that the panel names: its line, or why it has none. */
export interface WiredRelay {
  readonly description: RelayDescription;
  readonly faults: readonly string[];
}

/** Takes the line of the relay, low. The box runs on without one; then the relay wires the input through. */
export function wireRelay({ gpio }: PanelSettings, controls: readonly Control[], labels: readonly string[] = HEADER_LABELS): WiredRelay {
  const [line] = controls.find(({ kind }) => kind === "relay")?.pins ?? [];
  const files = systemFiles();
  if (line === undefined || gpio === "off" || (gpio === "auto" && !hasHeader(files, labels))) return { description: {}, faults: [] };
  if (files === undefined) return { description: {}, faults: ["The relay passes the bare input: the package koffi is missing, run `npm install koffi`."] };
  try {
    const request = { lines: [line], direction: "out", isActiveLow: false, pull: "none", debounceMs: 0 } as const;
    return { description: { relayFd: holdLines({ files, labels, chips: systemChips }, request).fd }, faults: [] };
  } catch (error) {
    if (error instanceof LineError) return { description: {}, faults: [`The relay passes the bare input: ${error.message}`] };
    throw error;
  }
}

/** Makes the described relay on the thread that beats it. */
export function createRelay({ relayFd }: RelayDescription, clock: Clock): BypassRelay {
  const files = systemFiles();
  return relayFd === undefined || files === undefined ? new SimRelay(clock) : new GpioRelay(files, relayFd);
}

import { findConfigFile, loadBoxConfig, type Environment } from "../../config/box-config.js";
import type { BoxStatus } from "../../protocol/messages.js";
import { checkBox } from "./box-checks.js";
import { checkFrontPanel } from "./device-checks.js";
import type { Finding } from "./finding.js";
import type { Machine } from "./machine.js";
import { checkBoard, checkClock, checkHeat, checkNode, checkSupply } from "./machine-checks.js";
import { checkGovernor, checkLimits, checkRuntime, checkSwap } from "./real-time-checks.js";
import { checkLibraries, checkSoundCards, checkSoundServers } from "./sound-checks.js";
import { checkConfig, checkSavedCopies, checkStateFolder } from "./storage-checks.js";
import { checkWebPort } from "./web-checks.js";

/** What the doctor is told. */
export interface Patient {
  readonly machine: Machine;
  readonly environment: Environment;
  /** `process.version`. */
  readonly nodeVersion: string;
  /** The answer of the running box, or a sentence why there is none. */
  readonly status: BoxStatus | string;
}

/** Runs every check, from the sound card to the page. */
export function diagnose({ machine, environment, nodeVersion, status }: Patient): readonly Finding[] {
  const { config } = loadBoxConfig(findConfigFile(environment));
  return [
    ...checkBox(status),
    ...checkSoundCards(machine), ...checkSoundServers(machine), ...checkLibraries(machine),
    // A running box says itself what it was granted.
    ...(typeof status === "string" ? checkLimits(machine) : []), ...checkRuntime(machine), ...checkSwap(machine), ...checkGovernor(machine),
    ...checkNode(machine, nodeVersion), ...checkBoard(machine), ...checkSupply(machine), ...checkHeat(machine), ...checkClock(machine),
    ...checkStateFolder(machine, environment), ...checkSavedCopies(machine, environment), ...checkConfig(environment),
    ...checkFrontPanel(machine),
    ...checkWebPort(machine, config.web.port),
  ];
}

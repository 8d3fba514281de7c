import { hasOwnControls, wiredControls } from "../../config/board-problems.js";
import { findConfigFile, loadBoxConfig, type Environment } from "../../config/box-config.js";
import type { BoxStatus } from "../../protocol/messages.js";
import type { Hardware } from "../hardware.js";
import { checkAddresses, checkBus, checkChips, checkSoundBoard } from "./board-checks.js";
import { checkBox } from "./box-checks.js";
import { checkFrontPanel, checkInputs, checkLines } from "./device-checks.js";
import type { Finding } from "./finding.js";
import { checkSoundFormat } from "./format-checks.js";
import type { Machine } from "./machine.js";
import { checkBoard, checkClock, checkHeat, checkNode, checkSupply } from "./machine-checks.js";
import { checkMonitorOutput } from "./monitor-checks.js";
import { checkGovernor, checkLimits, checkRuntime, checkSwap } from "./real-time-checks.js";
import { checkLibraries, checkSoundCards, checkSoundServers } from "./sound-checks.js";
import { thisBoard } from "./this-board.js";
import { checkConfig, checkSavedCopies, checkStateFolder } from "./storage-checks.js";
import { checkWebPort } from "./web-checks.js";

/** What the doctor is told. */
export interface Patient {
  readonly machine: Machine;
  readonly hardware: Hardware;
  readonly environment: Environment;
  /** `process.version`. */
  readonly nodeVersion: string;
  /** The answer of the running box, or a sentence why there is none. */
  readonly status: BoxStatus | string;
}

/** Runs every check, from the sound card to the page. */
export async function diagnose({ machine, hardware: { boards, lineUses, i2cBus }, environment, nodeVersion, status }: Patient): Promise<readonly Finding[]> {
  const loaded = loadBoxConfig(findConfigFile(environment));
  const { config } = loaded;
  const board = thisBoard(machine, config, boards);
  return [
    ...checkBox(status),
    ...checkSoundCards(machine), ...checkSoundBoard(machine, board, config, boards), ...checkSoundFormat(machine, board, config), ...checkMonitorOutput(machine, board, config),
    ...checkSoundServers(machine), ...checkLibraries(machine),
    // A running box says itself what it was granted.
    ...(typeof status === "string" ? checkLimits(machine) : []), ...checkRuntime(machine), ...checkSwap(machine), ...checkGovernor(machine),
    ...checkNode(machine, nodeVersion), ...checkBoard(machine), ...checkSupply(machine), ...checkHeat(machine), ...checkClock(machine),
    ...checkStateFolder(machine, environment), ...checkSavedCopies(machine, environment), ...checkConfig(loaded, board.board, boards),
    ...checkFrontPanel(machine), ...checkInputs(machine, config.controls, config), ...checkBus(machine, config), ...checkAddresses(machine, board, config),
    ...await checkChips(machine, config, i2cBus),
    ...(board.board === undefined ? [] : checkLines(wiredControls(config.controls, board.board, hasOwnControls(loaded)), lineUses(), config)),
    ...checkWebPort(machine, config.web.port),
  ];
}

import { createRequire } from "node:module";
import { join } from "node:path";
import { findConfigFile, loadBoxConfig, type Environment } from "../config/box-config.js";
import { hasOwnControls } from "../config/board-problems.js";
import type { BoxConfig } from "../config/config-schema.js";
import { controlSocketPath, stateFolder } from "../config/folders.js";
import type { Values } from "../protocol/messages.js";
import { duplexSoundCards } from "./sound-cards.js";
import { chooseSound, type SoundChoice } from "./sound-choice.js";

/** Lands the built-in programme of the simulated board near -14 LUFS. */
const SIM_VALUES: Values = { "loudness.driveDb": 8.5 };

export interface BoxArguments {
  /** Configuration file that was named. */
  readonly config: string | undefined;
  /** Board that was named, over that of the configuration. */
  readonly board: string | undefined;
  /** Whether to wait for a sound card where there is none, rather than to simulate one. */
  readonly waitsForCard: boolean;
}

/** What the box is to be made of, as the configuration, the arguments and the machine say. */
export interface BoxSetup {
  readonly config: BoxConfig;
  /** What is wrong with the configuration, and what is used instead. */
  readonly faults: readonly string[];
  readonly sound: SoundChoice;
  /** Whether the user's file says what the controls are, and not the default. */
  readonly hasOwnControls: boolean;
  readonly board: string;
  readonly boardValues: Values;
  readonly stateFolder: string;
  readonly takesFolder: string;
  readonly socketPath: string;
  readonly version: string;
}

/** Version of the product. */
export function productVersion(): string {
  return (createRequire(import.meta.url)("#package.json") as { readonly version: string }).version;
}

/** Reads the configuration and looks at the machine. */
export function boxSetup(named: BoxArguments, environment: Environment): BoxSetup {
  const whole = loadBoxConfig(findConfigFile(environment, named.config));
  const { config: loaded, findings, isFileUsed } = whole;
  const config = named.board === undefined ? loaded : { ...loaded, board: named.board, audio: { ...loaded.audio, driver: "auto" as const } };
  const sound = chooseSound(config, duplexSoundCards(), named.waitsForCard);
  const isSimulated = sound.driver === "sim";
  const ownFolder = stateFolder(environment);
  return {
    config,
    faults: findings.map(({ message }) => `${message} ${isFileUsed ? "The default is used." : "The whole file is not used."}`),
    sound,
    hasOwnControls: hasOwnControls(whole),
    board: isSimulated ? "sim" : config.board,
    boardValues: isSimulated ? SIM_VALUES : {},
    // What was tried on the simulated board, and the drive that its programme needs, is nothing for a real recorder.
    stateFolder: isSimulated ? join(ownFolder, "sim") : ownFolder,
    takesFolder: config.record.folder ?? join(ownFolder, "takes"),
    socketPath: controlSocketPath(environment),
    version: productVersion(),
  };
}

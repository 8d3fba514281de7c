import { createRequire } from "node:module";
import { join } from "node:path";
import { findConfigFile, loadBoxConfig, type Environment } from "../config/box-config.js";
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
}

/** What the box is to be made of, as the configuration, the arguments and the machine say. */
export interface BoxSetup {
  readonly config: BoxConfig;
  /** What is wrong with the configuration; its defaults are used there. */
  readonly faults: readonly string[];
  readonly sound: SoundChoice;
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
  const { config: loaded, findings } = loadBoxConfig(findConfigFile(environment, named.config));
  const config = named.board === undefined ? loaded : { ...loaded, board: named.board, audio: { ...loaded.audio, driver: "auto" as const } };
  const sound = chooseSound(config, duplexSoundCards());
  const isSimulated = sound.driver === "sim";
  return {
    config,
    faults: findings.map(({ message }) => message),
    sound,
    board: isSimulated ? "sim" : config.board,
    boardValues: isSimulated ? SIM_VALUES : {},
    stateFolder: stateFolder(environment),
    takesFolder: config.record.folder ?? join(stateFolder(environment), "takes"),
    socketPath: controlSocketPath(environment),
    version: productVersion(),
  };
}

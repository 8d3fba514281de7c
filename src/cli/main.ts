import { ConfigError } from "../config/config-error.js";
import { AudioFileError } from "../files/audio-file-error.js";
import { nearestName } from "../params/nearest.js";
import { isBoxError } from "./box-link.js";
import { COMPARE_USAGE, compareCommand } from "./compare-command.js";
import { configCommand } from "./config-command.js";
import { DIAGNOSE_USAGE, diagnoseCommand } from "./diagnose-command.js";
import { doctorCommand } from "./doctor-command.js";
import { NO_HARDWARE, type Hardware } from "./hardware.js";
import { paramsCommand, presetsCommand, targetsCommand } from "./list-commands.js";
import { LIVE_COMMANDS, LIVE_USAGE } from "./live-commands.js";
import { masterCommand } from "./master-command.js";
import { MASTER_USAGE } from "./master-options.js";
import { measureCommand } from "./measure-command.js";
import type { Terminal } from "./terminal.js";
import { trimCommand } from "./trim-command.js";
import { BAD_INPUT, UsageError } from "./usage-error.js";

const USAGE = `Lacquer masters sound.

  ${MASTER_USAGE}
  lacquer measure FILE... [--json]
  ${DIAGNOSE_USAGE}
  ${COMPARE_USAGE}
  lacquer trim FILE [--seconds N] [--json]
  lacquer presets | targets | params [--json]
  lacquer config check [FILE] | show | path [--config FILE] [--json]
  lacquer doctor [--json]

${LIVE_USAGE}
WAV, FLAC, MP3 and Ogg Vorbis come in, mono or stereo; WAV goes out.
`;

/** Runs a command. The answer, or what its promise gives, is the exit code; any other answer stands for 0. */
type Command = (argv: readonly string[], terminal: Terminal, hardware: Hardware) => unknown;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["master", masterCommand],
  ["measure", measureCommand],
  ["diagnose", diagnoseCommand],
  ["compare", compareCommand],
  ["trim", trimCommand],
  ["presets", presetsCommand],
  ["targets", targetsCommand],
  ["params", paramsCommand],
  ["config", configCommand],
  ["doctor", doctorCommand],
  ...LIVE_COMMANDS,
]);
const COMMAND_NAMES = [...COMMANDS.keys()];

/**
 * Runs the command line.
 * @param argv - the arguments, without interpreter and script
 * @returns the exit code: 0, or 2 with one line of explanation for input that cannot be used
 */
export async function main(argv: readonly string[], terminal: Terminal, hardware = NO_HARDWARE): Promise<number> {
  const [name, ...rest] = argv;
  if (name === "help" || argv.includes("--help") || argv.includes("-h")) {
    terminal.out(USAGE);
    return 0;
  }
  try {
    if (name === undefined) throw new UsageError(`A command is needed: ${COMMAND_NAMES.join(", ")}; lacquer help says more.`);
    const command = COMMANDS.get(name);
    if (command === undefined) throw new UsageError(unknownCommand(name));
    const code = await command(rest, terminal, hardware);
    return typeof code === "number" ? code : 0;
  } catch (error) {
    if (!isBadInput(error)) throw error;
    terminal.err(`lacquer: ${error.message.replace(/\s*\n\s*/g, " ")}\n`);
    return BAD_INPUT;
  }
}

function isBadInput(error: unknown): error is Error {
  return error instanceof UsageError || error instanceof AudioFileError || error instanceof ConfigError
    || error instanceof RangeError || isBoxError(error);
}

function unknownCommand(name: string): string {
  const nearest = nearestName(name, COMMAND_NAMES);
  return `There is no command "${name}".${nearest === undefined ? "" : ` Did you mean ${nearest}?`} There are ${COMMAND_NAMES.join(", ")}.`;
}

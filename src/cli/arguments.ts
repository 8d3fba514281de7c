import { parseArgs } from "node:util";
import { nearestName } from "../params/nearest.js";
import { UsageError } from "./usage-error.js";

/** Options of a command: those that take a value, those that may be given several times, and switches. */
export interface OptionSpec {
  readonly values?: readonly string[];
  readonly lists?: readonly string[];
  readonly switches?: readonly string[];
}

export interface Arguments {
  readonly files: readonly string[];
  value(name: string): string | undefined;
  list(name: string): readonly string[];
  isOn(name: string): boolean;
}

/**
 * Reads the arguments of a command. A value may begin with a minus sign (`--lufs -14`).
 * @throws UsageError naming an unknown option, or one without its value
 */
export function readArguments(argv: readonly string[], spec: OptionSpec): Arguments {
  const { values = [], lists = [], switches = [] } = spec;
  const taking = new Set([...values, ...lists]);
  const known = [...taking, ...switches];
  const options = Object.fromEntries(known.map((name) => [
    name,
    taking.has(name) ? { type: "string" as const, multiple: true } : { type: "boolean" as const },
  ]));
  const { values: parsed, positionals, tokens } = parseArgs({
    args: joinValues(argv, taking), options, strict: false, tokens: true, allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    if (!known.includes(token.name)) throw new UsageError(unknownOption(token.rawName, known));
    if (taking.has(token.name) && !token.value) throw new UsageError(`${token.rawName} needs a value.`);
    if (!taking.has(token.name) && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`);
  }
  if (positionals.includes("")) throw new UsageError("A file name is empty; check the quotes and variables of the command.");
  const listOf = (name: string): readonly string[] => (parsed[name] as string[] | undefined) ?? [];
  for (const name of values) {
    if (listOf(name).length > 1) throw new UsageError(`--${name} was given ${listOf(name).length} times; give it once.`);
  }
  return {
    files: positionals,
    value: (name) => listOf(name)[0],
    list: listOf,
    isOn: (name) => parsed[name] === true,
  };
}

/** Joins `--lufs -14` to `--lufs=-14`, which the parser would take for two options. */
function joinValues(argv: readonly string[], taking: ReadonlySet<string>): string[] {
  const joined: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    const next = argv[i + 1];
    if (word === "--") return [...joined, ...argv.slice(i)];
    if (word.startsWith("--") && taking.has(word.slice(2)) && next !== undefined && !next.startsWith("--")) {
      joined.push(`${word}=${next}`);
      i++;
    } else {
      joined.push(word);
    }
  }
  return joined;
}

function unknownOption(rawName: string, known: readonly string[]): string {
  const nearest = nearestName(rawName.replace(/^-+/, ""), known);
  const hint = nearest === undefined ? "" : ` Did you mean --${nearest}?`;
  const all = known.length === 0 ? "It takes none." : `There are ${known.map((name) => `--${name}`).join(", ")}.`;
  return `There is no option ${rawName}.${hint} ${all}`;
}

/**
 * Reads a number of an option.
 * @throws UsageError naming the option, the value and the allowed range
 */
export function numberOption(name: string, text: string, min: number, max: number): number {
  const value = /^\s*[-+]?(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) throw new UsageError(`--${name} is "${text}"; allowed ${min} to ${max}.`);
  return value;
}

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ConfigError } from "./config-error.js";
import { CONFIG_SCHEMA, isRule, settingRules, type BoxConfig, type SchemaEntry } from "./config-schema.js";
import { defaultConfigFile, readJsonFile } from "./files.js";
import { Findings } from "./findings.js";
import type { JsonNode } from "./json-source.js";
import { migrate, type Migration } from "./migrate.js";
import { unknownKey } from "./rules.js";

/** Steps from each version of the configuration to the next; there is one version so far. */
const CONFIG_MIGRATIONS: readonly Migration[] = [];

/** A setting that a file gives. */
interface Setting {
  readonly value: unknown;
  readonly file: string;
  readonly line: number;
}

/** A configuration with where it came from. */
export interface LoadedConfig {
  /** Complete: what the user's file does not give, or gives wrongly, has its default. */
  readonly config: BoxConfig;
  /** The user's file, or undefined when there is none. */
  readonly file: string | undefined;
  /** Dotted key of each setting -> "file:line", in the order of the schema. */
  readonly origins: ReadonlyMap<string, string>;
  /** Faults of the user's file by line; each setting at fault has its default in `config`. */
  readonly findings: readonly ConfigError[];
  /** False when the file as a whole cannot be used, so that all its settings have their defaults. */
  readonly isFileUsed: boolean;
}

/** Variables of the environment, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Places in which the configuration of the user is looked for, the first that exists wins. */
export function configPlaces(environment: Environment): string[] {
  const { CONFIGURATION_DIRECTORY = "", XDG_CONFIG_HOME, HOME } = environment;
  const home = XDG_CONFIG_HOME || join(HOME || homedir(), ".config");
  // systemd parts several folders by colons (systemd.exec, ConfigurationDirectory=).
  const folders = CONFIGURATION_DIRECTORY.split(":").filter((folder) => folder !== "");
  return [...folders, "/etc/lacquer", join(home, "lacquer")].map((folder) => join(folder, "lacquer.json"));
}

/** The configuration file in use: the one that is named (`--config`, or else LACQUER_CONFIG), or the first of the places. */
export function findConfigFile(environment: Environment, named?: string): string | undefined {
  return named ?? (environment["LACQUER_CONFIG"] || configPlaces(environment).find((file) => existsSync(file)));
}

/** Reads the settings of `section` that `node` gives into `settings`, by dotted key. */
function readSettings(
  file: string,
  node: JsonNode,
  section: { readonly [key: string]: SchemaEntry },
  path: string,
  into: { readonly settings: Map<string, Setting>; readonly findings: Findings },
): void {
  const { report } = into.findings;
  if (node.kind !== "object") return report(node.line, `${path} must be an object in braces.`);
  for (const [name, member] of node.members) {
    if (path === "" && name === "version") continue;
    const key = path === "" ? name : `${path}.${name}`;
    const entry = Object.hasOwn(section, name) ? section[name] : undefined;
    if (entry === undefined) {
      const keys = path === "" ? ["version", ...Object.keys(section)] : Object.keys(section);
      report(member.line, unknownKey(path || "the configuration", name, keys));
    } else if (isRule(entry)) {
      const value = entry.read({ file, path: key, node: member, report });
      if (value !== undefined) into.settings.set(key, { value, file, line: member.line });
    } else {
      readSettings(file, member, entry, key, into);
    }
  }
}

function readFile(file: string): { settings: ReadonlyMap<string, Setting>; findings: readonly ConfigError[]; isUsed: boolean } {
  const findings = new Findings(file);
  const settings = new Map<string, Setting>();
  const document = findings.collect(() => migrate(file, readJsonFile(file), CONFIG_MIGRATIONS));
  if (document !== undefined) readSettings(file, document, CONFIG_SCHEMA, "", { settings, findings });
  return { settings, findings: findings.errors, isUsed: document !== undefined };
}

/** Puts settings by dotted key into the nested form of the schema. */
function assemble(section: { readonly [key: string]: SchemaEntry }, path: string, settings: ReadonlyMap<string, Setting>): unknown {
  return Object.fromEntries(Object.entries(section).map(([name, entry]) => {
    const key = path === "" ? name : `${path}.${name}`;
    return [name, isRule(entry) ? settings.get(key)?.value : assemble(entry, key, settings)];
  }));
}

/**
 * Loads the configuration: the defaults of the product, and over them the file of the user, which gives what it wants
 * to change. A fault in that file is a finding, never an exception.
 *
 * @param file - the user's file, or undefined for the defaults alone
 */
export function loadBoxConfig(file: string | undefined): LoadedConfig {
  const defaults = readFile(defaultConfigFile());
  for (const error of defaults.findings) throw error;
  const { settings, findings, isUsed } = file === undefined ? { settings: new Map<string, Setting>(), findings: [], isUsed: true } : readFile(file);
  const effective = new Map([...defaults.settings, ...settings]);
  return {
    config: assemble(CONFIG_SCHEMA, "", effective) as BoxConfig,
    file,
    origins: new Map(settingRules().map(([key]) => {
      const origin = effective.get(key);
      return [key, `${origin?.file}:${origin?.line}`];
    })),
    findings,
    isFileUsed: isUsed,
  };
}

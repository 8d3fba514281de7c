import { suggestion } from "../params/nearest.js";
import { ConfigError } from "./config-error.js";
import { plainValue, type JsonNode } from "./json-source.js";
import { written } from "./rules.js";

/** One object of a configuration file, read field by field; every fault is a ConfigError with file and line. */
export class Section {
  readonly #file: string;
  readonly #path: string;
  readonly #node: JsonNode & { readonly kind: "object" };

  /** @param keys - all keys that the object may have; another one is an error. */
  constructor(file: string, path: string, node: JsonNode, keys: readonly string[]) {
    if (node.kind !== "object") throw new ConfigError(file, node.line, `${path} must be an object in braces.`);
    this.#file = file;
    this.#path = path;
    this.#node = node;
    for (const [key, member] of node.members) {
      if (keys.includes(key)) continue;
      throw new ConfigError(file, member.line, `${path} has no "${key}"; allowed ${keys.join(", ")}.${suggestion(key, keys)}`);
    }
  }

  /** The node of `key`, which must be there. */
  node(key: string): JsonNode {
    const node = this.#node.members.get(key);
    if (!node) throw new ConfigError(this.#file, this.#node.line, `${this.#path} lacks "${key}".`);
    return node;
  }

  /** Refuses the value of `key`: says what it is and what is allowed. */
  refuse(key: string, allowed: string): never {
    const node = this.node(key);
    throw new ConfigError(this.#file, node.line, `${this.#path}.${key} is ${written(plainValue(node))}; allowed ${allowed}.`);
  }

  /** A text that is not empty. */
  text(key: string): string {
    const node = this.node(key);
    return node.kind === "scalar" && typeof node.value === "string" && node.value.trim() !== ""
      ? node.value
      : this.refuse(key, "a text in double quotes");
  }

  /** A list of texts, or an empty list. */
  texts(key: string): readonly string[] {
    const value = plainValue(this.node(key));
    return Array.isArray(value) && value.every((item): item is string => typeof item === "string" && item.trim() !== "")
      ? value
      : this.refuse(key, "a list of texts in brackets");
  }

  /** A number from `min` to `max`. */
  number(key: string, min: number, max: number): number {
    const node = this.node(key);
    const inRange = node.kind === "scalar" && typeof node.value === "number" && node.value >= min && node.value <= max;
    return inRange ? (node.value as number) : this.refuse(key, `${min} to ${max}`);
  }

  /** A number from `min` to `max`, or null. */
  numberOrNull(key: string, min: number, max: number): number | null {
    const node = this.node(key);
    if (node.kind === "scalar" && node.value === null) return null;
    const inRange = node.kind === "scalar" && typeof node.value === "number" && node.value >= min && node.value <= max;
    return inRange ? (node.value as number) : this.refuse(key, `${min} to ${max}, or null`);
  }

  /** One of the values of `allowed`. */
  oneOf<T extends string | number | boolean | null>(key: string, allowed: readonly T[]): T {
    const node = this.node(key);
    const found = node.kind === "scalar" ? allowed.find((value) => value === node.value) : undefined;
    return found === undefined ? this.refuse(key, allowed.map((value) => JSON.stringify(value)).join(", ")) : found;
  }
}

import { lookUpParameter } from "../params/parse.js";
import { plainValue, type JsonNode } from "./json-source.js";
import { unknownKey, written, type Place, type Rule } from "./rules.js";

/** What a button can do besides switching a parameter. */
export const CONTROL_ACTIONS = [
  "bypass", "undo", "redo", "take", "resetMeters", "recallSceneA", "recallSceneB", "recallSceneC", "recallSceneD",
] as const;
export type ControlAction = (typeof CONTROL_ACTIONS)[number];

/** Kinds of controls, with the pins each takes: an encoder's two contacts; a knob hangs on the converter instead. */
const PIN_COUNTS = { button: 1, encoder: 2, knob: 0, led: 1, relay: 1 } as const;
export type ControlKind = keyof typeof PIN_COUNTS;
const KINDS = Object.keys(PIN_COUNTS) as ControlKind[];

/** A part of the front panel. */
export interface Control {
  readonly name: string;
  readonly kind: ControlKind;
  /** BCM numbers. */
  readonly pins: readonly number[];
  /** Input of the analog-to-digital converter, for a knob alone. */
  readonly channel: number | null;
  /** Parameter that it moves or shows. */
  readonly parameter: string | null;
  readonly action: ControlAction | null;
}

/** Highest BCM number on the 40-pin header, and the pins that the sound and the buses need (Raspberry Pi HAT design guide). */
const LAST_PIN = 27;
const TAKEN_PINS: ReadonlyMap<number, string> = new Map([
  [0, "the HAT's identification"], [1, "the HAT's identification"], [2, "I2C"], [3, "I2C"],
  [18, "I2S sound"], [19, "I2S sound"], [20, "I2S sound"], [21, "I2S sound"],
]);
const LAST_CHANNEL = 3;

const KEYS = ["name", "kind", "pins", "channel", "parameter", "action"];

/** Who uses something that only one control may have. */
interface Use {
  readonly path: string;
  readonly line: number;
}

/** Reads the list of controls, and sees that no name, pin or converter input is used twice. */
class ControlReader {
  readonly #report: Place["report"];
  readonly #uses = new Map<string, Use>();

  constructor(report: Place["report"]) {
    this.#report = report;
  }

  read(path: string, node: JsonNode): Control | undefined {
    if (node.kind !== "object") return this.#refuse(node, `${path} must be an object in braces.`);
    for (const [key, member] of node.members) {
      if (!KEYS.includes(key)) this.#report(member.line, unknownKey(path, key, KEYS));
    }
    const member = (key: string): JsonNode => node.members.get(key) ?? { kind: "scalar", line: node.line, value: null };
    const name = this.#name(`${path}.name`, member("name"));
    const kind = this.#kind(`${path}.kind`, member("kind"));
    if (name === undefined || kind === undefined) return undefined;
    const pins = this.#pins(`${path}.pins`, node.members.get("pins"), node.line, kind);
    const channel = this.#channel(`${path}.channel`, member("channel"), kind);
    const parameter = this.#parameter(`${path}.parameter`, member("parameter"));
    const action = this.#action(`${path}.action`, member("action"));
    if (pins === undefined || channel === undefined || parameter === undefined || action === undefined) return undefined;
    const control = { name, kind, pins, channel, parameter, action };
    const problem = purposeProblem(control);
    return problem === undefined ? control : this.#refuse(node, `${path} is a ${kind}: ${problem}`);
  }

  #refuse(node: JsonNode, problem: string): undefined {
    this.#report(node.line, problem);
    return undefined;
  }

  #isFree(what: string, path: string, node: JsonNode): boolean {
    const use = this.#uses.get(what);
    if (use === undefined) {
      this.#uses.set(what, { path, line: node.line });
      return true;
    }
    this.#report(node.line, `${path} has ${what}, which ${use.path} on line ${use.line} has already; give each its own.`);
    return false;
  }

  #name(path: string, node: JsonNode): string | undefined {
    const value = plainValue(node);
    if (typeof value !== "string" || value.trim() === "") return this.#refuse(node, `${path} is ${written(value)}; allowed a text in double quotes.`);
    return this.#isFree(`the name "${value}"`, path, node) ? value : undefined;
  }

  #kind(path: string, node: JsonNode): ControlKind | undefined {
    const value = plainValue(node);
    return KINDS.find((kind) => kind === value) ?? this.#refuse(node, `${path} is ${written(value)}; allowed ${KINDS.map(written).join(", ")}.`);
  }

  #pins(path: string, node: JsonNode | undefined, line: number, kind: ControlKind): readonly number[] | undefined {
    const count = PIN_COUNTS[kind];
    const items = node === undefined ? [] : node.kind === "array" ? node.items : [node];
    if (items.length !== count || (node !== undefined && node.kind !== "array")) {
      const remedy = kind === "knob" ? "; give it the channel of the converter" : "";
      this.#report(node?.line ?? line, `${path} is ${node ? written(plainValue(node)) : "missing"}; a ${kind} takes a list of ${count} in brackets${remedy}.`);
      return undefined;
    }
    const pins = items.map((item) => this.#pin(path, item)).filter((pin) => pin !== undefined);
    return pins.length === count ? pins : undefined;
  }

  #pin(path: string, node: JsonNode): number | undefined {
    const pin = plainValue(node);
    if (typeof pin !== "number" || !Number.isInteger(pin) || pin < 0 || pin > LAST_PIN) {
      return this.#refuse(node, `${path} has ${written(pin)}; allowed BCM numbers 0 to ${LAST_PIN}.`);
    }
    const taken = TAKEN_PINS.get(pin);
    if (taken !== undefined) {
      return this.#refuse(node, `${path} has ${pin}, which ${taken} needs; allowed 4 to 17 and 22 to ${LAST_PIN}.`);
    }
    return this.#isFree(`pin ${pin}`, path, node) ? pin : undefined;
  }

  #channel(path: string, node: JsonNode, kind: ControlKind): number | null | undefined {
    const channel = plainValue(node);
    if (kind !== "knob") return channel === null ? null : this.#refuse(node, `${path} is for a knob alone; a ${kind} has pins.`);
    if (typeof channel !== "number" || !Number.isInteger(channel) || channel < 0 || channel > LAST_CHANNEL) {
      return this.#refuse(node, `${path} is ${written(channel)}; allowed 0 to ${LAST_CHANNEL}.`);
    }
    return this.#isFree(`channel ${channel}`, path, node) ? channel : undefined;
  }

  #parameter(path: string, node: JsonNode): string | null | undefined {
    const id = plainValue(node);
    if (id === null) return null;
    if (typeof id !== "string") return this.#refuse(node, `${path} is ${written(id)}; allowed the id of a parameter.`);
    const found = lookUpParameter(id);
    return "problem" in found ? this.#refuse(node, `${path}: ${found.problem}`) : id;
  }

  #action(path: string, node: JsonNode): ControlAction | null | undefined {
    const value = plainValue(node);
    if (value === null) return null;
    return CONTROL_ACTIONS.find((action) => action === value)
      ?? this.#refuse(node, `${path} is ${written(value)}; allowed ${CONTROL_ACTIONS.map(written).join(", ")}.`);
  }
}

/** What is wrong with what a control is for, or undefined. */
function purposeProblem({ kind, parameter, action }: Control): string | undefined {
  switch (kind) {
    case "button":
      return (parameter === null) === (action === null) ? "it takes a parameter or an action." : undefined;
    case "encoder":
    case "knob":
    case "led":
      return parameter === null || action !== null ? "it takes a parameter, and no action." : undefined;
    case "relay":
      return parameter !== null || action !== null ? "it takes neither parameter nor action; it is the bypass." : undefined;
  }
}

/** The controls of the front panel; the ones without a fault are the value. */
export function controlList(sentence: string): Rule<readonly Control[]> {
  return {
    sentence,
    allowed: "a list in brackets of controls, each in braces",
    read: ({ path, node, report }) => {
      if (node.kind !== "array") {
        report(node.line, `${path} must be a list in brackets.`);
        return undefined;
      }
      const reader = new ControlReader(report);
      return node.items.map((item, index) => reader.read(`${path}[${index}]`, item)).filter((control) => control !== undefined);
    },
  };
}

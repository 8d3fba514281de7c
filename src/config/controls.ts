import { PANEL_ACTIONS, PANEL_LIGHTS, PIN_COUNTS, type Control, type ControlKind, type Hold } from "../hal/panel.js";
import { lookUpParameter } from "../params/parse.js";
import { findParameter } from "../params/table.js";
import { plainValue, type JsonNode } from "./json-source.js";
import { unknownKey, written, type Place, type Rule } from "./rules.js";

const KINDS = Object.keys(PIN_COUNTS) as ControlKind[];

/** Highest BCM number on the 40-pin header, and the pins that the sound and the buses need (Raspberry Pi HAT design guide). */
const LAST_PIN = 27;
const TAKEN_PINS: ReadonlyMap<number, string> = new Map([
  [0, "the HAT's identification"], [1, "the HAT's identification"], [2, "I2C"], [3, "I2C"],
  [18, "I2S sound"], [19, "I2S sound"], [20, "I2S sound"], [21, "I2S sound"],
]);
const LAST_CHANNEL = 3;
/** A knob whose ends are nearer to each other is wired wrong. */
const LEAST_TRAVEL = 0.1;

const KEYS = [
  "name", "kind", "pins", "inputDevice", "code", "stepsPerDetent", "channel", "ends", "parameter", "taper", "action", "doubleClick", "holds", "light",
];
/** A hold is longer than a click, and shorter than a button that is stuck. */
const SHORTEST_HOLD_S = 0.4;
const LONGEST_HOLD_S = 20;
/** Largest code of an axis or a key (input-event-codes.h). */
const LAST_CODE = 0x2ff;

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
    const pins = this.#pins(`${path}.pins`, node, kind);
    const wiring = this.#wiring(path, member, kind);
    const parameter = this.#parameter(`${path}.parameter`, member("parameter"));
    const [action, doubleClick] = (["action", "doubleClick"] as const).map((key) => this.#oneOf(`${path}.${key}`, member(key), PANEL_ACTIONS));
    const light = this.#oneOf(`${path}.light`, member("light"), PANEL_LIGHTS);
    const taper = this.#oneOf(`${path}.taper`, member("taper"), ["linear", "log"] as const);
    const holds = this.#holds(`${path}.holds`, node.members.get("holds"));
    if (pins === undefined || wiring === undefined || parameter === undefined || action === undefined || doubleClick === undefined
      || light === undefined || taper === undefined || holds === undefined) return undefined;
    const control = { name, kind, pins, ...wiring, parameter, taper, action, doubleClick, holds, light };
    const problem = purposeProblem(control);
    return problem === undefined ? control : this.#refuse(node, `${path} is ${called(kind)}: ${problem}`);
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

  #pins(path: string, control: JsonNode & { readonly kind: "object" }, kind: ControlKind): readonly number[] | undefined {
    const node = control.members.get("pins");
    const { line } = control;
    const count = isReadByKernel(control) ? 0 : PIN_COUNTS[kind];
    const items = node === undefined ? [] : node.kind === "array" ? node.items : [node];
    if (items.length !== count || (node !== undefined && node.kind !== "array")) {
      const remedy = kind === "knob" ? "; give it the channel of the converter" : "";
      this.#report(node?.line ?? line, `${path} is ${node ? written(plainValue(node)) : "missing"}; ${called(kind)} takes a list of ${count} in brackets${remedy}.`);
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

  /** What it hangs on besides pins. */
  #wiring(path: string, member: (key: string) => JsonNode, kind: ControlKind): Pick<Control, "channel" | "ends" | "inputDevice" | "code" | "stepsPerDetent"> | undefined {
    const channel = this.#channel(`${path}.channel`, member("channel"), kind);
    const inputDevice = plainValue(member("inputDevice"));
    const isRead = kind === "button" || kind === "encoder";
    if (inputDevice !== null && (!isRead || typeof inputDevice !== "string" || inputDevice === "")) {
      return this.#refuse(member("inputDevice"), `${path}.inputDevice is ${written(inputDevice)}; allowed the name of an input device for a button or an encoder, such as "rotary@5".`);
    }
    const code = plainValue(member("code"));
    if (code !== null && (inputDevice === null || typeof code !== "number" || !Number.isInteger(code) || code < 0 || code > LAST_CODE)) {
      return this.#refuse(member("code"), `${path}.code is ${written(code)}; allowed 0 to ${LAST_CODE}, the code of an axis or key of an inputDevice.`);
    }
    const steps = plainValue(member("stepsPerDetent"));
    if (steps !== null && (kind !== "encoder" || (steps !== 1 && steps !== 2 && steps !== 4))) {
      return this.#refuse(member("stepsPerDetent"), `${path}.stepsPerDetent is ${written(steps)}; allowed 1, 2 and 4 for an encoder.`);
    }
    const ends = this.#ends(`${path}.ends`, member("ends"), kind);
    if (channel === undefined || ends === undefined) return undefined;
    return { channel, ends, inputDevice, code, stepsPerDetent: kind === "encoder" ? (steps ?? 4) as 1 | 2 | 4 : null };
  }

  #holds(path: string, node: JsonNode | undefined): readonly Hold[] | undefined {
    if (node === undefined) return [];
    if (node.kind !== "array") return this.#refuse(node, `${path} must be a list in brackets.`);
    const holds = node.items.map((item, index) => this.#hold(`${path}[${index}]`, item)).filter((hold) => hold !== undefined);
    return holds.length === node.items.length ? holds.sort((a, b) => a.afterS - b.afterS) : undefined;
  }

  #hold(path: string, node: JsonNode): Hold | undefined {
    if (node.kind !== "object") return this.#refuse(node, `${path} must be an object in braces with afterS and action.`);
    for (const [key, member] of node.members) if (key !== "afterS" && key !== "action") return this.#refuse(member, unknownKey(path, key, ["afterS", "action"]));
    const afterS = plainValue(node.members.get("afterS") ?? { kind: "scalar", line: node.line, value: null });
    if (typeof afterS !== "number" || !(afterS >= SHORTEST_HOLD_S && afterS <= LONGEST_HOLD_S)) {
      return this.#refuse(node, `${path}.afterS is ${written(afterS)}; allowed ${SHORTEST_HOLD_S} to ${LONGEST_HOLD_S} seconds.`);
    }
    const action = this.#oneOf(`${path}.action`, node.members.get("action") ?? { kind: "scalar", line: node.line, value: null }, PANEL_ACTIONS);
    return action === null ? this.#refuse(node, `${path} has no action; allowed ${PANEL_ACTIONS.map(written).join(", ")}.`) : action && { afterS, action };
  }

  #channel(path: string, node: JsonNode, kind: ControlKind): number | null | undefined {
    const channel = plainValue(node);
    if (kind !== "knob") return channel === null ? null : this.#refuse(node, `${path} is for a knob alone; ${called(kind)} has pins.`);
    if (typeof channel !== "number" || !Number.isInteger(channel) || channel < 0 || channel > LAST_CHANNEL) {
      return this.#refuse(node, `${path} is ${written(channel)}; allowed 0 to ${LAST_CHANNEL}.`);
    }
    return this.#isFree(`channel ${channel}`, path, node) ? channel : undefined;
  }

  #ends(path: string, node: JsonNode, kind: ControlKind): Control["ends"] | undefined {
    const ends = plainValue(node);
    if (ends === null) return null;
    const [low, high] = Array.isArray(ends) && ends.length === 2 ? ends as unknown[] : [];
    const isRange = typeof low === "number" && typeof high === "number" && low >= 0 && high <= 1 && high - low >= LEAST_TRAVEL;
    if (kind === "knob" && isRange) return [low, high];
    return this.#refuse(node, `${path} is ${written(ends)}; allowed the readings of a knob at its left and right end, 0 to 1 and ${LEAST_TRAVEL} apart at least, such as [0.008, 0.797].`);
  }

  #parameter(path: string, node: JsonNode): string | null | undefined {
    const id = plainValue(node);
    if (id === null) return null;
    if (typeof id !== "string") return this.#refuse(node, `${path} is ${written(id)}; allowed the id of a parameter.`);
    const found = lookUpParameter(id);
    return "problem" in found ? this.#refuse(node, `${path}: ${found.problem}`) : id;
  }

  #oneOf<Name extends string>(path: string, node: JsonNode, allowed: readonly Name[]): Name | null | undefined {
    const value = plainValue(node);
    if (value === null) return null;
    return allowed.find((name) => name === value) ?? this.#refuse(node, `${path} is ${written(value)}; allowed ${allowed.map(written).join(", ")}.`);
  }
}

function isReadByKernel(control: JsonNode & { readonly kind: "object" }): boolean {
  const device = control.members.get("inputDevice");
  return device !== undefined && plainValue(device) !== null;
}

/** A kind, as a sentence names it. */
function called(kind: ControlKind): string {
  return kind === "encoder" ? `an ${kind}` : `a ${kind}`;
}

/** What is wrong with what a control is for, or undefined. */
function purposeProblem({ kind, parameter, taper, action, doubleClick, holds, light }: Control): string | undefined {
  const actions = [action, doubleClick, ...holds.map((hold) => hold.action)].filter((each) => each !== null);
  if (light !== null && kind !== "led") return "a light is for a led alone.";
  if (taper !== null) {
    const row = parameter === null || (kind !== "encoder" && kind !== "knob") ? undefined : findParameter(parameter);
    if (row?.kind !== "number" || (taper === "log" && row.min <= 0)) return "it takes no such taper: log needs a range above 0, and only the travel of an encoder or a knob has one.";
  }
  switch (kind) {
    case "button":
      return (parameter === null) === (action === null) && actions.length === 0 || (parameter !== null && action !== null)
        ? "it takes a parameter or an action." : undefined;
    case "encoder":
    case "knob":
      return parameter === null || actions.length > 0 ? "it takes a parameter, and no action." : undefined;
    case "led":
      return (parameter === null) === (light === null) || actions.length > 0 ? "it takes a parameter or a light to show, and no action." : undefined;
    case "relay":
      return parameter !== null || actions.length > 0 ? "it takes neither parameter nor action; it is the bypass." : undefined;
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

import type { BoxConfig } from "../../config/config-schema.js";
import type { LineUse } from "../../hal/digital.js";
import type { Control } from "../../hal/panel.js";
import { notPermitted, ok, problem, warning, type Finding } from "./finding.js";
import type { Machine } from "./machine.js";

/** Pins and buses of the front panel: what there is, and whether this user may use it. */
export function checkFrontPanel(machine: Machine): Finding[] {
  return [
    ...checkDevices(machine, { check: "Pins", group: "gpio", what: /^gpiochip\d+$/,
      none: "This machine has no GPIO: no buttons, encoders or relay on pins." }),
    ...checkDevices(machine, { check: "I2C", group: "i2c", what: /^i2c-\d+$/,
      none: "No I2C bus is enabled: no display or analog knobs. raspi-config enables it." }),
  ];
}

/** By what name the box holds its lines; by onoff the kernel holds them for it. */
const OURS = "lacquer";
const OURS_BY_ONOFF = "sysfs";

/** The pins of the panel: whether somebody else holds one. */
export function checkLines(controls: readonly Control[], lineUses: readonly LineUse[], { panel }: Pick<BoxConfig, "panel">): Finding[] {
  const uses = lineUses.map((use) => (panel.gpio === "onoff" && use.holder === OURS_BY_ONOFF ? { ...use, holder: OURS } : use));
  const strangers = controls.flatMap(({ name, pins }) => uses.filter(({ pin, holder }) => pins.includes(pin) && holder !== OURS).map((use) => ({ name, ...use })));
  if (strangers.length > 0) {
    return strangers.map(({ name, pin, holder }) => problem("Lines", `GPIO${pin}, the pin of the control "${name}", is held by ${holder}.`,
      "Take its line out of config.txt (dtoverlay=, gpio-key, gpio-led), end the program, or give the control another pin."));
  }
  if (uses.length === 0) return [];
  return [ok("Lines", uses.some(({ holder }) => holder === OURS) ? "The box holds its lines; nobody else has one of the panel's." : "Nobody holds a line of the panel's.")];
}

const INPUTS = "/sys/class/input";

/** The input devices that controls are read by: whether the kernel has them, and whether this user may use them. */
export function checkInputs(machine: Machine, controls: readonly Control[], { panel }: Pick<BoxConfig, "panel">): Finding[] {
  const wanted = controls.flatMap(({ name, inputDevice }) => (inputDevice === null ? [] : [{ name, inputDevice }]));
  if (wanted.length === 0 || panel.gpio === "off") return [];
  const there = machine.names(INPUTS).filter((event) => /^event\d+$/.test(event))
    .map((event) => ({ path: `/dev/input/${event}`, device: machine.read(`${INPUTS}/${event}/device/name`)?.trim() }));
  const missing = wanted.filter(({ inputDevice }) => there.every(({ device }) => device !== inputDevice));
  const closed = there.filter(({ path, device }) => wanted.some(({ inputDevice }) => inputDevice === device) && !machine.mayWrite(path)).map(({ path }) => path);
  const known = there.flatMap(({ device }) => (device === undefined ? [] : [`"${device}"`])).join(", ");
  const findings = [
    ...missing.map(({ name, inputDevice }) => warning("Input devices", `There is no input device "${inputDevice}" for the control "${name}"; there ${known === "" ? "are none" : `are ${known}`}.`,
      "Add its overlay to config.txt (hw/README.md has the lines) and restart, or give the control the name of one that is there.")),
    ...(closed.length === 0 ? [] : [notPermitted("Input devices", closed, "input")]),
  ];
  return findings.length > 0 ? findings : [ok("Input devices", `The kernel reads ${wanted.map(({ inputDevice }) => inputDevice).join(", ")}.`)];
}

interface DeviceKind {
  readonly check: string;
  /** Group that may use them. */
  readonly group: string;
  /** Names in /dev. */
  readonly what: RegExp;
  readonly none: string;
}

function checkDevices(machine: Machine, { check, group, what, none }: DeviceKind): Finding[] {
  const devices = machine.names("/dev").filter((name) => what.test(name)).map((name) => `/dev/${name}`);
  if (devices.length === 0) return [ok(check, none)];
  const closed = devices.filter((path) => !machine.mayWrite(path));
  if (closed.length === 0) return [ok(check, `${devices.join(", ")} may be used.`)];
  return [notPermitted(check, closed, group)];
}

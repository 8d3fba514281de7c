import type { BoxConfig } from "../../config/config-schema.js";
import type { LineUse } from "../../hal/digital.js";
import type { Control } from "../../hal/panel.js";
import { ok, problem, warning, type Finding } from "./finding.js";
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
  return [warning(check, `This user may not use ${closed.join(", ")}; the service may, which is of the group ${group}.`, `Run adduser $USER ${group} and log in again, or ask as root: sudo lacquer doctor.`)];
}

import { ok, problem, warning, type Finding } from "./finding.js";
import { modelOf } from "./firmware-config.js";
import type { Machine } from "./machine.js";
import { listProcesses, runsOur } from "./processes.js";

/** A Raspberry Pi slows down progressively from 80 °C. */
const HOT_CELSIUS = 80;
const WARM_CELSIUS = 70;

const OLDEST_NODE = [20, 19] as const;

/** What the firmware tells, by bit (raspberrypi.com, vcgencmd get_throttled): now, and 16 bits up since the start. */
const THROTTLE_BITS = [
  [0, "the supply voltage is too low"], [1, "the processor's clock is held down"], [2, "the processor is throttled"], [3, "the processor is close to its limit of heat"],
] as const;
const SINCE_START_BITS = 16;

function hottestCelsius(machine: Machine): number | undefined {
  const folder = "/sys/class/thermal";
  const degrees = machine.names(folder).filter((name) => name.startsWith("thermal_zone"))
    .map((name) => Number(machine.read(`${folder}/${name}/temp`) ?? NaN) / 1000).filter((value) => Number.isFinite(value));
  return degrees.length === 0 ? undefined : Math.max(...degrees);
}

/** Heat of the processor. */
export function checkHeat(machine: Machine): Finding[] {
  const celsius = hottestCelsius(machine);
  if (celsius === undefined) return [ok("Heat", "This machine has no sensor.")];
  const sentence = `The processor has ${celsius.toFixed(0)} °C.`;
  const remedy = "Give the box air or a heat sink: from 80 °C on a Raspberry Pi slows down.";
  if (celsius >= HOT_CELSIUS) return [problem("Heat", sentence, remedy)];
  return [celsius >= WARM_CELSIUS ? warning("Heat", sentence, remedy) : ok("Heat", sentence)];
}

/** Supply voltage and throttling, as the firmware of a Raspberry Pi tells them. */
export function checkSupply(machine: Machine): Finding[] {
  const text = machine.read("/sys/devices/platform/soc/soc:firmware/get_throttled");
  if (text === undefined) return checkVoltageAlarm(machine);
  const bits = parseInt(text.trim(), 16);
  const said = (shift: number): string[] => THROTTLE_BITS.filter(([bit]) => (bits >> (bit + shift)) & 1).map(([, words]) => words);
  const now = said(0);
  const before = said(SINCE_START_BITS);
  const remedy = "Use the power supply made for this Raspberry Pi, a short thick cable, and cooling.";
  if (now.length > 0) return [problem("Supply", `The firmware says that ${now.join(", and ")}.`, remedy)];
  if (before.length > 0) return [warning("Supply", `Since the start it happened that ${before.join(", and ")}.`, remedy)];
  return [ok("Supply", "Voltage and clock were never held down since the start.")];
}

function checkVoltageAlarm(machine: Machine): Finding[] {
  const folder = "/sys/class/hwmon";
  const sensor = machine.names(folder).find((name) => machine.read(`${folder}/${name}/name`)?.trim() === "rpi_volt");
  if (sensor === undefined) return [];
  if (machine.read(`${folder}/${sensor}/in0_lcrit_alarm`)?.trim() !== "1") return [ok("Supply", "The voltage is high enough.")];
  return [problem("Supply", "The supply voltage is too low.", "Use the power supply made for this Raspberry Pi and a short thick cable.")];
}

/** The board, from the device tree. */
export function checkBoard(machine: Machine): Finding[] {
  const model = modelOf(machine);
  if (model === undefined) return [ok("Board", "This is no Raspberry Pi.")];
  if (!/Raspberry Pi 5|Compute Module 5/.test(model)) return [ok("Board", `${model}.`)];
  return [warning("Board", `${model}: the I2S of its kernels may not start again after a stop (raspberrypi/linux issues 7322 and 7584).`,
    "Prefer a Raspberry Pi 4, or use a USB interface.")];
}

/** The wall clock, which sound and saved state do without. */
export function checkClock(machine: Machine): Finding[] {
  const isSet = machine.exists("/run/systemd/timesync/synchronized")
    || listProcesses(machine).some(({ name }) => name === "chronyd" || name === "ntpd");
  return [ok("Wall clock", isSet ? "It is kept right by the network."
    : "Nothing keeps it right; only the dates of takes need it, the sound runs by the monotonic clock.")];
}

/** The version of Node.js, and the flags of the running box. */
export function checkNode(machine: Machine, version: string): Finding[] {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    return [problem("Node.js", `This is Node.js ${version}; 20.19 or newer is needed.`, "Debian 13: apt install nodejs. Debian 12: see deb.nodesource.com.")];
  }
  const box = listProcesses(machine).find((process) => runsOur(process, "box"));
  if (box !== undefined && !box.command.includes("--no-memory-reducer")) {
    return [warning("Node.js", `The box (process ${box.pid}) runs without --no-memory-reducer; its pauses can be heard.`, "Start it with npm start or as the service.")];
  }
  return [ok("Node.js", `Version ${version.replace(/^v/, "")}.`)];
}

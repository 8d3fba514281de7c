import type { BoxConfig } from "../../config/config-schema.js";
import { findBoard, HEADER_BUS, type Board } from "../../hal/board.js";
import { I2cError, type I2cBus } from "../../hal/i2c-bus.js";
import { ok, problem, warning, type Finding } from "./finding.js";
import { firmwareConfig } from "./firmware-config.js";
import type { Machine } from "./machine.js";
import type { ThisBoard } from "./this-board.js";

function hasLine(lines: readonly string[], wanted: string): boolean {
  return lines.some((line) => line === wanted || line.startsWith(`${wanted},`) || line.startsWith(`${wanted}:`));
}

/** The board of the sound card: whether it is the one of the configuration, and why there is none. */
export function checkSoundBoard(machine: Machine, { card, board }: ThisBoard, config: Pick<BoxConfig, "board">, boards: readonly Board[]): Finding[] {
  if (config.board === "sim") return [ok("Sound board", "The simulated board is asked for.")];
  if (card === undefined) return checkAbsentBoard(machine, board, boards);
  if (board === undefined) return [];
  const found = findBoard(boards, "auto", card);
  if (found !== undefined && found.id !== board.id && board.cardIds.length > 0) {
    return [problem("Sound board", `The configuration names the ${board.name}, but the card is ${card} (${found.name}).`, `Set board to "${found.id}" or "auto", or fit the other board.`)];
  }
  return [ok("Sound board", `The card ${card} is that of the ${board.name}.`)];
}

function checkAbsentBoard(machine: Machine, named: Board | undefined, boards: readonly Board[]): Finding[] {
  const firmware = firmwareConfig(machine);
  if (firmware === undefined) return [];
  const { file, lines } = firmware;
  const isToldOf = ({ overlays }: Board): boolean => overlays.some((overlay) => hasLine(lines, overlay));
  const told = named === undefined ? boards.find(isToldOf) : isToldOf(named) ? named : undefined;
  if (told !== undefined) {
    return [problem("Sound board", `${file} has the line of the ${told.name}, but its card did not come.`,
      "Switch off, see that the board sits on all 40 pins, and start again; dmesg | grep -iE \"snd|asoc|i2c\" says what the driver met.")];
  }
  const [overlay] = named?.overlays ?? [];
  if (named === undefined || overlay === undefined) return [];
  return [problem("Sound board", `${file} has no line for the ${named.name}, which the configuration names.`, `Add ${overlay} to it, and restart.`)];
}

function addressText(address: number): string {
  return `0x${address.toString(16).padStart(2, "0")}`;
}

function folder(bus: number, address: number): string {
  return `/sys/bus/i2c/devices/${bus}-${address.toString(16).padStart(4, "0")}`;
}

/** The chips of the panel that the configuration names, and their addresses. */
function panelChips(panel: BoxConfig["panel"]): readonly (readonly [what: "display" | "converter", address: number])[] {
  return ([["display", panel.display, panel.displayAddress], ["converter", panel.converter, panel.converterAddress]] as const)
    .flatMap(([what, chip, address]) => (chip === "none" ? [] : [[what, address] as const]));
}

/** The I2C addresses: the board's chips must be known to the kernel, and those of the panel must not be held by it. */
export function checkAddresses(machine: Machine, { card, board }: ThisBoard, { panel }: Pick<BoxConfig, "panel">): Finding[] {
  if (machine.names("/sys/bus/i2c/devices").length === 0) return [];
  const lost = card === undefined ? [] : (board?.takenAddresses ?? []).filter((address) => !machine.exists(folder(HEADER_BUS, address)));
  const held = panelChips(panel).filter(([, address]) => machine.exists(folder(panel.i2cBus, address)));
  const findings = [
    ...lost.map((address) => warning("I2C addresses", `The kernel knows no chip at ${addressText(address)}, where the ${board?.name} has one.`, `See that the board sits on all 40 pins, and that i2cdetect -y ${HEADER_BUS} shows UU there.`)),
    ...held.map(([what, address]) => problem("I2C addresses",
      `The kernel keeps ${addressText(address)} for itself (${machine.read(`${folder(panel.i2cBus, address)}/name`)?.trim() ?? "a driver"}): the ${what} cannot be reached.`,
      `Take its overlay out of config.txt, or set panel.${what}Address to another address.`)),
  ];
  return findings.length > 0 ? findings : [ok("I2C addresses", "No driver of the kernel has an address of the panel's.")];
}

/** The bus of the display: whether it is switched on, and quick enough for 20 pictures a second. */
export function checkBus(machine: Machine, { panel }: Pick<BoxConfig, "panel">): Finding[] {
  const firmware = firmwareConfig(machine);
  if (firmware === undefined || panel.gpio === "off" || (panel.display === "none" && panel.converter === "none")) return [];
  if (!machine.exists(`/dev/i2c-${panel.i2cBus}`)) {
    const line = panel.i2cBus === HEADER_BUS ? "dtparam=i2c_arm=on" : "the overlay of this bus";
    return [warning("I2C bus", `There is no /dev/i2c-${panel.i2cBus} for display and knobs.`, `Add ${line} to ${firmware.file} and i2c-dev to /etc/modules-load.d, and restart.`)];
  }
  // The speed of another bus stands with its overlay, by a name of its own.
  if (panel.i2cBus !== HEADER_BUS) return [];
  // The last line holds.
  const [, speed = "100000"] = [...firmware.lines.join("\n").matchAll(/i2c(?:_arm|1)?_baudrate=(\d+)/g)].at(-1) ?? [];
  if (Number(speed) >= 400_000) return [ok("I2C bus", `It runs at ${Number(speed) / 1000} kHz.`)];
  return [warning("I2C bus", `It runs at ${Number(speed) / 1000} kHz: a whole picture takes a tenth of a second, and knobs wait for it.`, `Add dtparam=i2c_arm_baudrate=400000 to ${firmware.file}, and restart.`)];
}

/** What changes nothing in a chip, whoever uses it meanwhile: the NOP of SSD1306 and SH1106 (command 0xe3), and reading the register that the converter stands at. */
const HARMLESS = { display: { write: Uint8Array.of(0x00, 0xe3) }, converter: { read: new Uint8Array(2) } } as const;

/** Whether the chips of the panel answer. */
export async function checkChips(machine: Machine, { panel }: Pick<BoxConfig, "panel">, busOf: (busNumber: number) => I2cBus): Promise<Finding[]> {
  // Where there is no bus, or the kernel has the address, another check says so.
  const chips = panelChips(panel).filter(([, address]) => !machine.exists(folder(panel.i2cBus, address)));
  if (panel.gpio === "off" || chips.length === 0 || !machine.exists(`/dev/i2c-${panel.i2cBus}`)) return [];
  const bus = busOf(panel.i2cBus);
  const findings: Finding[] = [];
  for (const [what, address] of chips) findings.push(await checkChip(bus, what, address, panel.i2cBus));
  await bus.close();
  return findings;
}

async function checkChip(bus: I2cBus, what: "display" | "converter", address: number, busNumber: number): Promise<Finding> {
  const check = what === "display" ? "Display" : "Converter";
  try {
    await bus.run(address, [HARMLESS[what]]);
    return ok(check, `The ${what} answers at ${addressText(address)}.`);
  } catch (error) {
    if (!(error instanceof I2cError)) throw error;
    if (error.kind !== "noAnswer") return warning(check, error.message, `See that the four wires of the ${what} sit, then run this again.`);
    return warning(check, `Nothing answers at ${addressText(address)}, where the ${what} should be.`,
      `See its four wires, and its address by i2cdetect -y ${busNumber} (panel.${what}Address); without one, set panel.${what} to "none".`);
  }
}

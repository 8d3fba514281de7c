import type { BoxConfig } from "../../config/config-schema.js";
import { ok, warning, type Finding } from "./finding.js";
import type { Machine } from "./machine.js";
import type { ThisBoard } from "./this-board.js";

/** Outputs of the recorder, and those of the monitor. */
const OUTPUTS = 4;

/** Whether the USB card has the outputs of the monitor that the configuration asks for, by its stream0 (sound/usb/proc.c). */
export function checkMonitorOutput(machine: Machine, { card }: Pick<ThisBoard, "card">, { audio }: Pick<BoxConfig, "audio">): Finding[] {
  if (!audio.monitorOutput || card === undefined) return [];
  const [, playback = ""] = /^Playback:\n((?: .*\n)*)/m.exec(machine.read(`/proc/asound/${card}/stream0`) ?? "") ?? [];
  const most = Math.max(0, ...[...playback.matchAll(/^\s+Channels: (\d+)$/gm)].map(([, channels]) => Number(channels)));
  if (most === 0) return [];
  if (most >= OUTPUTS) return [ok("Monitor output", `The card ${card} has ${most} outputs: 3 and 4 play what is compared.`)];
  return [warning("Monitor output", `The card ${card} has ${most} outputs, and audio.monitorOutput asks for ${OUTPUTS}: the recorder hears what is compared.`,
    "Set audio.monitorOutput to false, or use an interface with four outputs.")];
}

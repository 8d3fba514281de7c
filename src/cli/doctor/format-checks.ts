import { soundProblems } from "../../config/board-problems.js";
import type { BoxConfig } from "../../config/config-schema.js";
import { ok, problem, warning, type Finding } from "./finding.js";
import type { Machine } from "./machine.js";
import type { ThisBoard } from "./this-board.js";

type Audio = Pick<BoxConfig, "audio">["audio"];

/** Sample rate and formats of the configuration against those of the board, and of the card itself as far as the kernel tells them. */
export function checkSoundFormat(machine: Machine, { card, board }: ThisBoard, config: Pick<BoxConfig, "audio">): Finding[] {
  if (board === undefined) return [];
  // What it does not have, the file asks for: the look at the configuration names the line.
  if (soundProblems(config, board).length > 0) return [];
  const { audio } = config;
  const offered = card === undefined ? undefined : offersOf(machine.read(`/proc/asound/${card}/stream0`) ?? "", audio);
  if (offered !== undefined && (!offered.hasRate || offered.format === undefined)) {
    const lacks = offered.hasRate ? audio.formats.join(", ") : `${audio.sampleRateHz} Hz`;
    const remedy = offered.hasRate ? "Add one of its formats to audio.formats" : "Set audio.sampleRateHz to one of its rates";
    return [problem("Sound format", `The card ${card} does not have ${lacks}; it has ${offered.all}.`, `${remedy}, or take another interface.`)];
  }
  const running = card === undefined ? undefined : runningOf(machine, card);
  if (running !== undefined && running.rateHz !== audio.sampleRateHz) {
    return [warning("Sound format", `The card ${card} runs at ${running.rateHz} Hz, the configuration asks for ${audio.sampleRateHz} Hz.`,
      "Start the box again; if it stays so, another program has the card.")];
  }
  if (running !== undefined) return [ok("Sound format", `The card ${card} runs at ${running.rateHz} Hz with ${running.format}.`)];
  const format = offered?.format ?? audio.formats.find((each) => board.formats.includes(each));
  return [ok("Sound format", `The ${board.name} has ${audio.sampleRateHz} Hz and ${format}.`)];
}

/** What both directions of a USB card offer of what is asked for, by its stream0 (sound/usb/proc.c); undefined for other cards. */
function offersOf(stream0: string, { formats, sampleRateHz }: Audio): { readonly hasRate: boolean; readonly format: string | undefined; readonly all: string } | undefined {
  const directions = stream0.split(/^(?=Playback:|Capture:)/m).slice(1);
  if (directions.length === 0) return undefined;
  const valuesOf = (text: string, name: string): string[] => [...text.matchAll(new RegExp(`^\\s+${name}: (.+)$`, "gm"))].flatMap(([, list = ""]) => list.split(/, */));
  const hasRate = (text: string): boolean => valuesOf(text, "Rates").some((rates) => {
    // A list, or "8000 - 48000 (continuous)".
    const [from = NaN, to = from] = [...rates.matchAll(/\d+/g)].map(Number);
    return sampleRateHz >= from && sampleRateHz <= to;
  });
  const everywhere = (name: string): string[] => [...new Set(valuesOf(stream0, name))];
  return {
    hasRate: directions.every(hasRate),
    format: formats.find((format) => directions.every((text) => valuesOf(text, "Format").includes(format))),
    all: `${everywhere("Format").join(", ")} at ${everywhere("Rates").join(", ")} Hz`,
  };
}

/** Rate and format of a stream that is open (sound/core/pcm.c); undefined while none is. */
function runningOf(machine: Machine, card: string): { readonly rateHz: number; readonly format: string } | undefined {
  for (const pcm of ["pcm0p", "pcm0c"]) {
    const text = machine.read(`/proc/asound/${card}/${pcm}/sub0/hw_params`) ?? "";
    const [, format] = /^format: (\S+)$/m.exec(text) ?? [];
    const [, rate] = /^rate: (\d+)/m.exec(text) ?? [];
    if (format !== undefined && rate !== undefined) return { rateHz: Number(rate), format };
  }
  return undefined;
}

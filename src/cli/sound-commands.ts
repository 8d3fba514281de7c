import { loadTargets } from "../config/targets.js";
import { sameName, suggestion } from "../params/nearest.js";
import { STAGES } from "../protocol/meter-snapshot.js";
import { numberOption, readArguments } from "./arguments.js";
import { withBox } from "./box-link.js";
import { jsonText, presetText, refuseWords } from "./live-text.js";
import type { Terminal } from "./terminal.js";
import { tableText } from "./text.js";
import { UsageError } from "./usage-error.js";

const BYPASS_USAGE = "lacquer bypass [STAGE|hard] [on|off] [--json]";

/**
 * `lacquer bypass [STAGE|hard] [on|off] [--json]`: the level-matched bypass of the whole chain, that of one stage, or the
 * relay, which wires the input to the output. Toggles without on or off.
 */
export async function bypassCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  const [first] = options.files;
  const stage = STAGES.find((id) => id === first);
  const isHard = first === "hard";
  const [word, ...surplus] = stage === undefined && !isHard ? options.files : options.files.slice(1);
  if (word !== undefined && word !== "on" && word !== "off") {
    throw new UsageError(`bypass is "${word}"; allowed on or off. In front of it may stand hard, or a stage: ${STAGES.join(", ")}.`);
  }
  refuseWords(surplus, BYPASS_USAGE);
  const wish = word === undefined ? {} : { on: word === "on" };
  await withBox(terminal, async (box) => {
    const answer = isHard ? await box.command("hardBypass", { on: !box.welcome.state.isHardBypassed, ...wish })
      : stage === undefined ? await box.command("bypass", wish) : await box.command("bypassStage", { stage, ...wish });
    const heard = isHard ? ["the bare input is heard, through the relay", "the box is heard"]
      : stage === undefined ? ["the input is heard", "the master is heard"] : [`the sound goes around ${stage}`, `the sound goes through ${stage}`];
    terminal.out(options.isOn("json") ? jsonText(answer) : `Bypass is ${answer.on ? "on" : "off"}: ${heard[answer.on ? 0 : 1]}.\n`);
  });
}

/** `lacquer preset [NAME] [--json]`: applies a preset as one change; lists them without a name. */
export async function presetCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  const [preset, ...surplus] = options.files;
  refuseWords(surplus, "lacquer preset [NAME] [--json]");
  await withBox(terminal, async (box) => {
    if (preset !== undefined) {
      const { values } = await box.command("applyPreset", { preset });
      terminal.out(options.isOn("json") ? jsonText(values) : `Preset ${preset} is applied; lacquer undo takes it back.\n`);
      return;
    }
    const { presets } = await box.command("listPresets", {});
    const { state } = box.welcome;
    terminal.out(options.isOn("json") ? jsonText({ preset: state.preset, isPresetEdited: state.isPresetEdited, presets })
      : `Applied: ${presetText(state)}\n\n${tableText(presets.map(({ id, sentence }) => [id, sentence]))}`);
  });
}

/** `lacquer target [NAME] [--json]`: chooses the loudness target and its ceiling; shows it without a name. */
export async function targetCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  const [wanted, ...surplus] = options.files;
  refuseWords(surplus, "lacquer target [NAME] [--json]");
  await withBox(terminal, async (box) => {
    const { target } = wanted === undefined ? box.welcome.state : await box.command("setTarget", { target: wanted });
    const found = loadTargets().find(({ id }) => id === target);
    const facts = found === undefined ? "" : `: ${found.loudnessLufs === null ? "no loudness" : `${found.loudnessLufs} LUFS`}, ${found.ceilingDbtp} dBTP`;
    terminal.out(options.isOn("json") ? jsonText({ target }) : `Target ${target}${facts}\n`);
  });
}

const MAX_TAKE_S = 3600;

/** `lacquer take [--seconds N] [--json]`: writes the last seconds of input and output as WAV files. */
export async function takeCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { values: ["seconds"], switches: ["json"] });
  refuseWords(options.files, "lacquer take [--seconds N] [--json]");
  const text = options.value("seconds");
  const input = text === undefined ? {} : { seconds: numberOption("seconds", text, 1, MAX_TAKE_S) };
  await withBox(terminal, async (box) => {
    const take = await box.command("take", input);
    terminal.out(options.isOn("json") ? jsonText(take)
      : `The last ${take.seconds.toFixed(1)} s:\n${tableText([["input", take.input], ["output", take.output]])}${missingText(take.missingSeconds)}`);
  });
}

function missingText(seconds: number): string {
  return seconds === 0 ? "" : `${seconds.toFixed(3)} s of it are silence: no sound flowed then, or the box was too busy to keep it.\n`;
}

/** `lacquer latency [--json]`: measures the delay through a cable from the output to the input. */
export async function latencyCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  refuseWords(options.files, "lacquer latency [--json]");
  await withBox(terminal, async (box) => {
    const found = await box.command("latency", {});
    terminal.out(options.isOn("json") ? jsonText(found) : tableText([
      ["Output to input", `${found.loopFrames} frames (buffer, converters and cable)`],
      ["Chain", `${found.chainFrames} frames`],
      ["Together", `${found.totalFrames} frames, ${found.totalMs.toFixed(2)} ms`],
      ["Level of the return", `${found.returnDb.toFixed(1)} dB`],
    ]));
  });
}

const METER_ACTIONS = ["start", "pause", "reset"] as const;

/** The action that `word` names. */
export function meterAction(word: string): (typeof METER_ACTIONS)[number] {
  const action = METER_ACTIONS.find((name) => name === sameName(word, METER_ACTIONS));
  if (action === undefined) {
    throw new UsageError(`There is no "meter ${word}".${suggestion(word, METER_ACTIONS)} There are meter, ${METER_ACTIONS.map((name) => `meter ${name}`).join(", ")}.`);
  }
  return action;
}

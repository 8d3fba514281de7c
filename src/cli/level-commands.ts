import type { LearnState, LevelsState, LimitingCost, PreviewState } from "../protocol/levels.js";
import { readArguments } from "./arguments.js";
import { withBox } from "./box-link.js";
import { jsonText, refuseWords } from "./live-text.js";
import type { Terminal } from "./terminal.js";
import { adjustmentText, figureText, tableText } from "./text.js";
import { UsageError } from "./usage-error.js";

const LEARN_ACTIONS = ["start", "stop", "cancel"] as const;

function costText({ integratedLufs, meanLimitingDb, maxLimitingDb }: LimitingCost): string {
  return `${figureText(integratedLufs, "LUFS")}, the limiter ${meanLimitingDb.toFixed(1)} dB on average and ${maxLimitingDb.toFixed(1)} dB at most`;
}

const REASONS: Readonly<Record<NonNullable<LearnState["plan"]>["reason"], string>> = {
  "landed": "it lands on the target",
  "limiting": "it stops short of the target, for the limiter would work too hard",
  "drive-range": "it stops short of the target, at the end of the drive's range",
  "silent": "nothing was heard",
  "passes": "it comes near the target",
};

function learnText({ phase, heardS, plan, measured }: LearnState): string {
  if (phase === "listening") return `Listening, ${heardS} s heard; lacquer learn stop sets the drive, as 3 s of silence do.`;
  if (plan === null) return "No drive is being learnt.";
  const found = `Drive ${plan.driveBeforeDb.toFixed(1)} -> ${plan.driveDb.toFixed(1)} dB: ${REASONS[plan.reason]}. Foretold: ${costText(plan.predicted)}.`;
  if (measured !== null) return `${found} Measured: ${costText(measured)}.`;
  return phase === "proving" ? `${found} Play it again to measure that.` : found;
}

function previewText({ platform, gainDb, secondsLeft }: PreviewState): string {
  return platform === null ? "The output is at its full level." : `The output is as low as ${platform} plays it, ${gainDb.toFixed(1)} dB, for ${secondsLeft ?? 0} s more.`;
}

/** What is being done about the loudness, in one line. */
export function levelsText({ learn, preview }: LevelsState): string {
  return `${learnText(learn)} ${previewText(preview)}`;
}

/** `lacquer learn [start|stop|cancel] [--json]`: learns the drive from a passage that is played; says how far it is without a word. */
export async function learnCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  const [word, ...surplus] = options.files;
  const action = LEARN_ACTIONS.find((name) => name === word);
  if (word !== undefined && action === undefined) throw new UsageError(`learn is "${word}"; allowed ${LEARN_ACTIONS.join(", ")}.`);
  refuseWords(surplus, "lacquer learn [start|stop|cancel] [--json]");
  await withBox(terminal, async (box) => {
    const { learn } = action === undefined ? await box.command("levels", {}) : await box.command("learn", { action });
    terminal.out(options.isOn("json") ? jsonText(learn) : `${learnText(learn)}\n`);
  });
}

/** `lacquer preview [PLATFORM|off] [--json]`: lets the output be as low as a platform plays it, for two minutes. */
export async function previewCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  const [word, ...surplus] = options.files;
  refuseWords(surplus, "lacquer preview [PLATFORM|off] [--json]");
  await withBox(terminal, async (box) => {
    const { preview } = word === undefined ? await box.command("levels", {}) : await box.command("preview", { platform: word === "off" ? null : word });
    const recorder = preview.hasMonitorOutput ? " The recorder keeps the full level." : " The recorder hears that too.";
    const warning = preview.platform === null ? "" : recorder;
    terminal.out(options.isOn("json") ? jsonText(preview) : `${previewText(preview)}${warning}\n`);
  });
}

/** `lacquer platforms [--json]`: what each platform would do to the song that is measured, and the PLR that it keeps. */
export async function platformsCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  refuseWords(options.files, "lacquer platforms [--json]");
  await withBox(terminal, async (box) => {
    const readings = await box.command("platforms", {});
    const { integratedLufs, maxTruePeakDbtp, plrDb, platforms } = readings;
    terminal.out(options.isOn("json") ? jsonText(readings) : tableText([
      ["Integrated", figureText(integratedLufs, "LUFS")], ["True peak", figureText(maxTruePeakDbtp, "dBTP")], ["PLR", figureText(plrDb, "dB")],
      ...platforms.map((reading) => [reading.name, adjustmentText(reading)]),
    ]));
  });
}

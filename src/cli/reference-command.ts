import { REFERENCE_LOOPS, SOLO_BANDS, type Comparison, type Reference } from "../protocol/messages.js";
import type { ControlLink } from "../server/control-link.js";
import { readArguments } from "./arguments.js";
import { withBox } from "./box-link.js";
import { jsonText } from "./live-text.js";
import { findReference } from "./references-command.js";
import type { Terminal } from "./terminal.js";
import { tableText } from "./text.js";
import { UsageError } from "./usage-error.js";

const USAGE = "lacquer reference [arm|off | play [NAME] | mix | loop whole|loudest|FROM-TO | solo low|lowMid|highMid|high|all] [--json]";

/** What to do with the words behind the verb; what it gives is told. */
type Verb = (box: ControlLink, words: readonly string[]) => Promise<string | undefined>;

const VERBS: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ["arm", async (box) => `${(await box.command("armReferences", { on: true })).warning}\n`],
  ["off", async (box) => void await box.command("armReferences", { on: false })],
  ["mix", async (box) => void await box.command("compareReference", { on: false })],
  ["play", async (box, [name]) => {
    if (name !== undefined) await box.command("setComparison", { reference: (await findReference(box, name)).id });
    await box.command("compareReference", { on: true });
    return undefined;
  }],
  ["loop", async (box, [what = ""]) => void await box.command("setComparison", readLoop(what))],
  ["solo", async (box, [what = ""]) => {
    const band = SOLO_BANDS.find((each) => each.toLowerCase() === what.toLowerCase());
    if (band === undefined && what !== "all") throw new UsageError(`"${what}" is no band; there are ${SOLO_BANDS.join(", ")}, and all.`);
    await box.command("setComparison", { solo: band ?? null });
    return undefined;
  }],
]);
const WITH_WORD = new Set(["loop", "solo"]);

/** `lacquer reference ...`: compares the mix with a reference track at the same loudness; without words, how it stands. */
export async function referenceCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  const [name, ...words] = options.files;
  const verb = VERBS.get(name ?? "");
  const isRight = words.length === 0 ? !WITH_WORD.has(name ?? "") : words.length === 1 && (name === "play" || WITH_WORD.has(name ?? ""));
  if (name !== undefined && (verb === undefined || !isRight)) throw new UsageError(`"${options.files.join(" ")}" is not known here: ${USAGE}`);
  await withBox(terminal, async (box) => {
    const said = await verb?.(box, words);
    const comparison = await box.command("comparison", {});
    const { references } = await box.command("listReferences", {});
    if (options.isOn("json")) terminal.out(jsonText(comparison));
    else terminal.out((said ?? "") + comparisonText(comparison, references));
  });
}

function readLoop(what: string): { readonly loop: Comparison["loop"]; readonly fromS?: number; readonly toS?: number } {
  const loop = REFERENCE_LOOPS.find((each) => each === what && each !== "passage");
  if (loop !== undefined) return { loop };
  const [, from, to] = /^([0-9:.]+)-([0-9:.]+)$/.exec(what) ?? [];
  const [fromS, toS] = [from, to].map((text) => text?.split(":").reduce((sum, part) => 60 * sum + Number(part), 0) ?? NaN) as [number, number];
  if (Number.isFinite(fromS) && Number.isFinite(toS)) return { loop: "passage", fromS, toS };
  throw new UsageError(`"${what}" is no passage; write whole, loudest, or two places such as 1:05-1:32.`);
}

function comparisonText(comparison: Comparison, references: readonly Reference[]): string {
  const { heard, isWaiting, reference, loop, passage, solo, placeS, referenceDb, mixDb } = comparison;
  const track = references.find(({ id }) => id === reference);
  const part = loop === "passage" && passage !== null ? `${timeText(passage.fromS)} to ${timeText(passage.toS)}` : loop;
  const sign = (db: number): string => `${db > 0 ? "+" : ""}${db.toFixed(1)} dB`;
  return tableText([
    ["Armed", armedText(comparison)],
    ["Heard", isWaiting ? "the mix, until the reference comes" : heard],
    ["Reference", track === undefined ? "none is ready" : `${track.name}, at ${timeText(placeS)}, ${part}`],
    ["Match", `reference ${sign(referenceDb)}, mix ${sign(mixDb)}`],
    ["Band", solo ?? "all"],
  ]);
}

function armedText({ hasMonitorOutput, isArmed, secondsLeft }: Comparison): string {
  if (hasMonitorOutput) return `${isArmed ? "yes" : "by the next play"}; the monitor output plays them, the recorder keeps the mix`;
  return isArmed ? `for ${timeText(secondsLeft ?? 0)} more; the recorder hears what you hear` : "no: the mix alone is heard";
}

/** `3:05` */
function timeText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

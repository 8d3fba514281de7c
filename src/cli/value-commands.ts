import { lookUpParameter, parseSetting } from "../params/parse.js";
import { findParameter, PARAMETERS } from "../params/table.js";
import { formatRange, formatValue } from "../params/values.js";
import type { Values } from "../protocol/messages.js";
import { readArguments } from "./arguments.js";
import { withBox } from "./box-link.js";
import { jsonText, refuseWords } from "./live-text.js";
import type { Terminal } from "./terminal.js";
import { tableText } from "./text.js";
import { UsageError } from "./usage-error.js";

/**
 * Ids of the parameters that words of the command line name: an id, or the beginning of several up to a dot ("compressor",
 * "eq.band1").
 * @throws UsageError for a word that names none
 */
function namedIds(words: readonly string[]): string[] {
  const ids = words.flatMap((word) => {
    const group = PARAMETERS.filter((row) => row.id.startsWith(`${word}.`)).map((row) => row.id);
    if (group.length > 0) return group;
    const found = lookUpParameter(word);
    if ("problem" in found) throw new UsageError(found.problem);
    return [found.value.id];
  });
  return [...new Set(ids)];
}

function printValues(terminal: Terminal, values: Values, asJson: boolean): void {
  terminal.out(asJson ? jsonText(values) : tableText(Object.entries(values).map(([id, value]) => {
    const row = findParameter(id);
    return row === undefined ? [id, String(value)] : [id, formatValue(row, value), formatRange(row)];
  })));
}

/** `lacquer get [PARAMETER...] [--json]`: values as they hold now; a stage or a band stands for all of its parameters. */
export async function getCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  const ids = namedIds(options.files);
  await withBox(terminal, async (box) => {
    const { values } = await box.command("get", ids.length > 0 ? { ids } : {});
    printValues(terminal, values, options.isOn("json"));
  });
}

/** `lacquer set PARAMETER=VALUE... [--json]`: one change, undone as one. */
export async function setCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  if (options.files.length === 0) throw new UsageError("set needs a setting: lacquer set compressor.ratio=4 eq.band1.gainDb=-2");
  const wanted = new Map<string, number>();
  for (const text of options.files) {
    const parsed = parseSetting(text);
    if ("problem" in parsed) throw new UsageError(parsed.problem);
    const [id, value] = parsed.value;
    if (wanted.has(id)) throw new UsageError(`${id} is set twice; set it once.`);
    wanted.set(id, value);
  }
  await withBox(terminal, async (box) => {
    const { values } = await box.command("set", { values: Object.fromEntries(wanted) });
    printValues(terminal, Object.fromEntries(Object.entries(values).filter(([id]) => wanted.has(id))), options.isOn("json"));
  });
}

/** `lacquer reset [PARAMETER...] [--json]`: back to the defaults, all or those that are named. */
export async function resetCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  const ids = namedIds(options.files);
  await withBox(terminal, async (box) => {
    const { values } = await box.command("reset", ids.length > 0 ? { ids } : {});
    if (options.isOn("json")) terminal.out(jsonText(values));
    else if (ids.length > 0) printValues(terminal, Object.fromEntries(ids.map((id) => [id, values[id] ?? NaN])), false);
    else terminal.out("Every parameter is at its default.\n");
  });
}

/** `lacquer undo [--json]` and `lacquer redo [--json]`. */
export function stepCommand(step: "undo" | "redo"): (argv: readonly string[], terminal: Terminal) => Promise<void> {
  return async (argv, terminal) => {
    const options = readArguments(argv, { switches: ["json"] });
    refuseWords(options.files, `lacquer ${step} [--json]`);
    await withBox(terminal, async (box) => {
      const before = box.welcome.state.values;
      const { values } = await box.command(step, {});
      if (options.isOn("json")) {
        terminal.out(jsonText(values));
        return;
      }
      const changed = Object.fromEntries(Object.entries(values).filter(([id, value]) => before[id] !== value));
      if (Object.keys(changed).length === 0) terminal.out(`${step === "undo" ? "Undone" : "Redone"}: no value is other than before.\n`);
      else printValues(terminal, changed, false);
    });
  };
}

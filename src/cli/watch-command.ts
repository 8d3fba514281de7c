import type { Values } from "../protocol/messages.js";
import { readArguments } from "./arguments.js";
import { LinkError, type BoxEvent, type ControlLink } from "../server/control-link.js";
import { withBox } from "./box-link.js";
import { levelsText } from "./level-commands.js";
import { presetText, refuseWords, valueText } from "./live-text.js";
import type { Terminal } from "./terminal.js";

/** `lacquer watch [--json]`: every change of the settings and every notice, one a line, until it is ended. */
export async function watchCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  refuseWords(options.files, "lacquer watch [--json]");
  await withBox(terminal, async (box) => {
    let values: Values = box.welcome.state.values;
    const said = new Map<string, string>();
    box.listen((message) => {
      if (message.type === "meters") return;
      const lines = options.isOn("json") ? `${JSON.stringify(message)}\n` : messageLines(message, values);
      // What is told again and again while it goes on is a line only where that is another.
      const isNews = (message.type !== "comparison" && message.type !== "references" && message.type !== "levels") || said.get(message.type) !== lines;
      said.set(message.type, lines);
      if (isNews) terminal.out(lines);
      if (message.type === "change") values = { ...values, ...message.state.values };
    });
    await endingOf(box, terminal).ended;
  });
}

/** Waits until the person ends it, by the keyboard's interrupt or by `stop`; `ended` rejects with a LinkError when the box ends first. */
export function endingOf(box: ControlLink, terminal: Terminal): { readonly stop: () => void; readonly ended: Promise<void> } {
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
    box.close();
  };
  terminal.onInterrupt?.(stop);
  const ended = box.closed.then((reason) => {
    if (!isStopped) throw new LinkError(reason);
  });
  return { stop, ended };
}

/** What a message says, a line for each value that changed. */
function messageLines(message: Exclude<BoxEvent, { type: "meters" }>, before: Values): string {
  if (message.type === "notice") return `${message.level}: ${message.sentence}${message.times > 1 ? ` (${message.times} times)` : ""}\n`;
  if (message.type === "phones") return `phones: ${message.phones.map(({ name }) => name).join(", ") || "none"}\n`;
  if (message.type === "presets") return "presets: the list has changed\n";
  if (message.type === "comparison") return `comparison: ${message.comparison.isArmed ? `the ${message.comparison.heard} is heard` : "not armed"}\n`;
  if (message.type === "levels") return `loudness: ${levelsText(message.levels)}\n`;
  if (message.type === "references") return `references: ${message.references.map(({ name }) => name).join(", ") || "none"}\n`;
  if (message.type === "diagnosis") return `diagnosis: ${message.findings.map(({ id }) => id).join(", ") || "nothing is wrong"}\n`;
  const { values = {}, preset, isPresetEdited, target, scenes, isHardBypassed } = message.state;
  const lines = [
    ...Object.entries(values).filter(([id, value]) => before[id] !== value)
      .map(([id, value]) => `${id} ${valueText(id, before[id])} -> ${valueText(id, value)}`),
    ...(preset === undefined ? [] : [`preset ${presetText({ preset, isPresetEdited: isPresetEdited ?? false })}`]),
    ...(target === undefined ? [] : [`target ${target}`]),
    ...(isHardBypassed === undefined ? [] : [`hard bypass ${isHardBypassed ? "on" : "off"}`]),
    ...(scenes === undefined ? [] : [`scenes ${scenes.join(", ") || "none"}`]),
  ];
  return lines.map((line) => `${message.source}: ${line}\n`).join("");
}

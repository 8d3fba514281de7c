import { readArguments } from "./arguments.js";
import { withBox } from "./box-link.js";
import { jsonText, refuseWords } from "./live-text.js";
import type { Terminal } from "./terminal.js";

/** `lacquer logs [--json]`: everything that helps to find out what is wrong with the running box, as one text without keys. */
export async function logsCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  refuseWords(options.files, "lacquer logs [--json]");
  await withBox(terminal, async (box) => {
    const answer = await box.command("logs", {});
    terminal.out(options.isOn("json") ? jsonText(answer) : `${answer.text}\n`);
  });
}

import type { Song } from "../protocol/messages.js";
import { songsCsv } from "../protocol/songs-csv.js";
import { readArguments } from "./arguments.js";
import { withBox } from "./box-link.js";
import { jsonText, refuseWords } from "./live-text.js";
import type { Terminal } from "./terminal.js";
import { figureText, tableText } from "./text.js";
import { UsageError } from "./usage-error.js";

/** `lacquer song [NAME] [--json]`: ends the song that is measured and begins the next. */
export async function songCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  const [name, ...surplus] = options.files;
  refuseWords(surplus, "lacquer song [NAME] [--json]");
  await withBox(terminal, async (box) => {
    const { songs } = await box.command("markSong", name === undefined ? {} : { name });
    terminal.out(options.isOn("json") ? jsonText(songs.at(-1)) : `"${songs.at(-1)?.name ?? ""}" is measured from now on.\n`);
  });
}

/** `lacquer songs [--csv|--json]`: the songs of the box, the present one last. */
export async function songsCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json", "csv"] });
  if (options.isOn("json") && options.isOn("csv")) throw new UsageError("songs is to be both CSV and JSON; take one.");
  refuseWords(options.files, "lacquer songs [--csv|--json]");
  await withBox(terminal, async (box) => {
    const { songs } = await box.command("listSongs", {});
    if (options.isOn("csv")) return terminal.out(songsCsv(songs));
    const head = ["", "Song", "Time", "Integrated", "Range", "True peak"];
    terminal.out(options.isOn("json") ? jsonText({ songs }) : tableText([head, ...songs.map(songRow)]));
  });
}

function songRow({ index, name, durationS, integratedLufs, loudnessRangeLu, maxTruePeakDbtp }: Song): string[] {
  const seconds = Math.floor(durationS);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return [
    String(index), name, time, figureText(integratedLufs, "LUFS"), figureText(loudnessRangeLu, "LU"), figureText(maxTruePeakDbtp, "dBTP"),
  ];
}

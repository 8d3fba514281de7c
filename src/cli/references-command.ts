import { open, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import type { Reference } from "../protocol/messages.js";
import type { UploadFile } from "../protocol/upload-sender.js";
import type { ControlLink } from "../server/control-link.js";
import { readArguments } from "./arguments.js";
import { withBox } from "./box-link.js";
import { durationText } from "../files/audio-file-error.js";
import { jsonText } from "./live-text.js";
import { ProgressBar, type Terminal } from "./terminal.js";
import { figureText, tableText } from "./text.js";
import { UsageError } from "./usage-error.js";

const USAGE = "lacquer references [add FILE | rename NAME NEW | delete NAME] [--json]";

/** What to do, with the words behind it. */
type Verb = (box: ControlLink, words: readonly string[], terminal: Terminal) => Promise<string>;

const VERBS: ReadonlyMap<string, { readonly words: number; readonly run: Verb }> = new Map([
  ["add", { words: 1, run: add }],
  ["rename", { words: 2, run: rename }],
  ["delete", { words: 1, run: remove }],
]);

/** `lacquer references [add FILE | rename NAME NEW | delete NAME] [--json]`: the reference tracks in the box, and their upload. */
export async function referencesCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  const [name, ...words] = options.files;
  const verb = VERBS.get(name ?? "");
  if (name !== undefined && verb?.words !== words.length) throw new UsageError(`"${options.files.join(" ")}" is not known here: ${USAGE}`);
  await withBox(terminal, async (box) => {
    const said = await verb?.run(box, words, terminal);
    const { references } = await box.command("listReferences", {});
    if (options.isOn("json")) terminal.out(jsonText({ references }));
    else if (said !== undefined) terminal.out(said);
    else if (references.length === 0) terminal.out("There is no reference track; lacquer references add FILE brings one in.\n");
    else terminal.out(tableText(references.map(({ name: title, bytes, addedAt, id, ...track }) => [title, megabytes(bytes), addedAt.slice(0, 10), id, stateText(track)])));
  });
}

async function add(box: ControlLink, [path = ""]: readonly string[], terminal: Terminal): Promise<string> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path} cannot be read (${error.code ?? error.message}).`);
  });
  const bar = new ProgressBar(terminal);
  const stop = new AbortController();
  terminal.onInterrupt?.(() => stop.abort());
  try {
    const { size } = await handle.stat();
    const id = await box.upload(asUpload(handle, basename(path), size), (bytes) => bar.update("uploading", bytes / size), stop.signal);
    const { references } = await box.command("listReferences", {});
    return `"${references.find((one) => one.id === id)?.name ?? id}" is in the box.\n`;
  } catch (error) {
    if (stop.signal.aborted) throw new UsageError("The upload was stopped; nothing of the file is kept.");
    throw error;
  } finally {
    bar.clear();
    await handle.close();
  }
}

async function rename(box: ControlLink, [wanted = "", name = ""]: readonly string[]): Promise<string> {
  const track = await findReference(box, wanted);
  await box.command("renameReference", { reference: track.id, name });
  return `"${track.name}" is called "${name}" now.\n`;
}

async function remove(box: ControlLink, [wanted = ""]: readonly string[]): Promise<string> {
  const track = await findReference(box, wanted);
  await box.command("deleteReference", { reference: track.id });
  return `"${track.name}" is deleted.\n`;
}

/** The track of this name or id. @throws UsageError when there is none */
export async function findReference(box: ControlLink, wanted: string): Promise<Reference> {
  const { references } = await box.command("listReferences", {});
  const track = references.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase());
  if (track !== undefined) return track;
  throw new UsageError(`No track is called "${wanted}"; there are ${references.map(({ name }) => name).join(", ") || "none"}.`);
}

function asUpload(handle: FileHandle, name: string, size: number): UploadFile {
  return {
    name, size,
    slice: (start, end) => ({
      arrayBuffer: async () => {
        const buffer = new ArrayBuffer(end - start);
        const { bytesRead } = await handle.read(new Uint8Array(buffer), 0, end - start, start);
        return buffer.slice(0, bytesRead);
      },
    }),
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** How far a track is, and what is known of it. */
function stateText({ state, progress, problem, sound }: Pick<Reference, "state" | "progress" | "problem" | "sound">): string {
  if (sound !== null) return [durationText(sound.durationS), figureText(sound.integratedLufs, "LUFS"), figureText(sound.maxTruePeakDbtp, "dBTP")].join(", ");
  return state === "preparing" ? `preparing, ${(100 * progress).toFixed(0)} %` : problem ?? state;
}

import { UNSEEN, nameReader, text, type Reader } from "./shape.js";

/** Reference tracks that a box holds. */
export const MAX_REFERENCES = 16;
/** Largest file of a reference track: half an hour of stereo at 96 kHz and 24 bit is too long, an album side on CD is not. */
export const MAX_REFERENCE_BYTES = 300_000_000;
/** Longest name of a reference track: titles are longer than what people type. */
const MAX_REFERENCE_NAME = 64;
/** Longest name of a file (NAME_MAX of Linux). */
const MAX_FILE_NAME = 255;
const NAMELESS = "Track";

/** A name that people give to a reference track. */
export const referenceName = nameReader(MAX_REFERENCE_NAME);

/** A name for a reference track, of that of its file: without folder, ending and what cannot be seen, cut where it is too long. */
export const nameOfFile: Reader<string> = (value, path) => {
  const [file = ""] = text(MAX_FILE_NAME)(value, path).split(/[/\\]/).slice(-1);
  const characters = [...file.replace(/\.[^.]{1,8}$/, "")].filter((character) => !UNSEEN.test(character));
  // By whole characters, none of which has more than two units.
  while (characters.join("").length > MAX_REFERENCE_NAME) characters.pop();
  return characters.join("").trim() || NAMELESS;
};

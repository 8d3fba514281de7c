import type { PresetFile } from "./messages.js";
import { givenName, jsonSettings, oneOf, shape, text, type Reader } from "./shape.js";

const LONGEST_SENTENCE = 200;

/** A preset as a file; each of its values is one that the table of parameters allows. */
export const presetFile: Reader<PresetFile> = shape<PresetFile>({
  version: oneOf([1]), name: givenName, sentence: text(LONGEST_SENTENCE), values: jsonSettings,
});

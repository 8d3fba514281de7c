import { CommandFailure } from "./command-failure.js";

/** Deepest nesting of objects and lists in a message; those of the protocol have 5. */
export const MAX_DEPTH = 8;
const LONGEST_QUOTE = 40;

/** Strings, numbers and words as one token each, else single characters; white space is passed over. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|"/g;

function refuse(sentence: string): CommandFailure {
  return new CommandFailure("badMessage", sentence);
}

/** A text from outside for use in a sentence: quoted, escaped and cut. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text);
}

/** Refuses what JSON.parse lets pass: deep nesting, and objects that name a key twice or name a prototype. */
function checkStructure(text: string, what: string): void {
  const keysOfOpen: (Set<string> | undefined)[] = [];
  let string = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") {
      keysOfOpen.push(token === "{" ? new Set() : undefined);
      if (keysOfOpen.length > MAX_DEPTH) throw refuse(`${what} is nested deeper than ${MAX_DEPTH} levels.`);
    } else if (token === "}" || token === "]") {
      keysOfOpen.pop();
    } else if (token === ":") {
      addKey(keysOfOpen.at(-1), string, what);
    } else {
      string = token;
    }
  }
}

function addKey(keys: Set<string> | undefined, token: string, what: string): void {
  const key = JSON.parse(token) as string;
  if (keys?.has(key)) throw refuse(`${what} names ${quoted(key)} twice; name it once.`);
  if (key === "__proto__") throw refuse(`${what} names "__proto__", which nothing here is called.`);
  keys?.add(key);
}

/**
 * Reads JSON from outside: at most `maxCharacters` long and MAX_DEPTH deep, no key twice in an object, none `__proto__`.
 * Numbers beyond the range of a double read as infinite, as by JSON.parse: the readers of fields refuse them.
 *
 * @param what - how sentences call the text
 * @throws CommandFailure "badMessage"
 */
export function parseStrictJson(text: string, maxCharacters: number, what = "The message"): unknown {
  if (text.length > maxCharacters) throw refuse(`${what} has ${text.length} characters; allowed ${maxCharacters}.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse(`${what} is not JSON: ${quoted(text)}.`);
  }
  checkStructure(text, what);
  return value;
}

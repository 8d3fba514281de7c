import { createHash } from "node:crypto";
import { ConfigError } from "./config-error.js";
import { parseJson, plainValue } from "./json-source.js";
import { migrate, type Migration } from "./migrate.js";

/** What a slot holds: a state, as JSON, and the number of its save. */
export interface SlotContent {
  readonly revision: number;
  readonly state: Readonly<Record<string, unknown>>;
}

/** Largest slot that is read; a state with all scenes takes 40 kB. */
export const MAX_SLOT_BYTES = 1 << 20;

const SUM_CHARACTERS = 64;

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Writes a slot: one line of JSON, and one with the SHA-256 of all before it. */
export function slotText(version: number, { revision, state }: SlotContent): string {
  const body = `${JSON.stringify({ version, revision, state })}\n`;
  return `${body}${checksum(body)}\n`;
}

/**
 * Reads a slot that was written by version `version` of the state, and brings its state to that of this program.
 * Any change of a single byte, and any cut, is noticed.
 *
 * @param steps - the migrations; a problem is a phrase such as "its checksum does not match"
 */
export function readSlotText(bytes: Buffer, version: number, steps: readonly Migration[]): SlotContent | { readonly problem: string } {
  const text = bytes.toString("latin1");
  const body = text.slice(0, -SUM_CHARACTERS - 1);
  // The sum is of the bytes: a text with a broken character would be mended when it is read as UTF-8.
  const sum = createHash("sha256").update(bytes.subarray(0, body.length)).digest("hex");
  if (text !== `${body}${sum}\n`) return { problem: "its checksum does not match" };
  try {
    const document = parseJson("the state", bytes.toString("utf8", 0, body.length));
    const { version: said, revision } = plainValue(document) as Record<string, unknown>;
    if (said !== version) return { problem: `it says version ${String(said)}` };
    if (!Number.isSafeInteger(revision)) return { problem: "it has no number" };
    const state = plainValue(migrate("the state", document, steps)) as { readonly state?: unknown };
    if (typeof state.state !== "object" || state.state === null) return { problem: "it holds no state" };
    return { revision: revision as number, state: state.state as SlotContent["state"] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problem: error.problem };
  }
}

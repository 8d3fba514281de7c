import { parseJson, plainValue } from "./json-source.js";

/** A reference track as the index keeps it. */
export interface KeptReference {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly addedAt: string;
}

const VERSION = 1;

/** The index of the reference tracks. */
export function referencesText(references: readonly KeptReference[]): string {
  return `${JSON.stringify({ version: VERSION, references }, null, 2)}\n`;
}

/** Reads what `referencesText` wrote. @throws Error that says what is wrong */
export function readReferences(text: string): KeptReference[] {
  const { version, references } = plainValue(parseJson("index.json", text)) as { readonly version?: unknown; readonly references?: unknown };
  if (version !== VERSION || !Array.isArray(references)) throw new Error("it is no list of tracks of this release");
  return references.map((reference: unknown) => {
    if (!isReference(reference)) throw new Error("a track in it lacks something");
    return reference;
  });
}

function isReference(reference: unknown): reference is KeptReference {
  if (typeof reference !== "object" || reference === null) return false;
  const { id, name, bytes, addedAt } = reference as Readonly<Record<string, unknown>>;
  return typeof id === "string" && /^[0-9a-f]{12}$/.test(id) && [name, addedAt].every((text) => typeof text === "string" && text !== "")
    && Number.isSafeInteger(bytes);
}

import { parseJson, plainValue } from "./json-source.js";

/** A phone as the file of the phones keeps it. */
export interface KeptPhone {
  readonly id: string;
  readonly name: string;
  readonly role: "control" | "view";
  /** Base32 of 128 bits. */
  readonly key: string;
  /** ISO 8601. */
  readonly pairedAt: string;
  readonly lastSeen: string | null;
}

const VERSION = 1;

/** The file of the phones. */
export function phonesText(phones: readonly KeptPhone[]): string {
  return `${JSON.stringify({ version: VERSION, phones }, null, 2)}\n`;
}

/** Reads what `phonesText` wrote; `others` is how many in it are no phones. @throws Error that says what is wrong */
export function readPhones(text: string): { readonly phones: readonly KeptPhone[]; readonly others: number } {
  const { version, phones } = plainValue(parseJson("phones.json", text)) as { readonly version?: unknown; readonly phones?: unknown };
  if (version !== VERSION || !Array.isArray(phones)) throw new Error("it is no list of phones of this release");
  const sound = phones.filter((phone: unknown) => isPhone(phone));
  return { phones: sound, others: phones.length - sound.length };
}

function isPhone(phone: unknown): phone is KeptPhone {
  if (typeof phone !== "object" || phone === null) return false;
  const { id, name, role, key, pairedAt, lastSeen } = phone as Readonly<Record<string, unknown>>;
  return [id, name, key, pairedAt].every((text) => typeof text === "string" && text !== "") && (role === "control" || role === "view")
    && (lastSeen === null || typeof lastSeen === "string");
}

/** Key of a phone, or of an offer: 128 bits. */
export const KEY_BYTES = 16;
/** Characters of a key as base32. */
export const KEY_CHARACTERS = 26;
/** Digits of a code that is typed. */
export const CODE_DIGITS = 8;

/** RFC 4648, without padding. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A key for people and URLs: 26 letters and digits. */
export function writeKey(key: Uint8Array): string {
  let bits = 0n;
  for (const byte of key) bits = (bits << 8n) | BigInt(byte);
  bits <<= 2n;
  return Array.from({ length: KEY_CHARACTERS }, (_, n) => ALPHABET[Number((bits >> BigInt(5 * (KEY_CHARACTERS - 1 - n))) & 31n)]).join("");
}

/** Reads what `writeKey` wrote; small letters are taken too. Undefined for anything else. */
export function readKey(text: string): Uint8Array | undefined {
  const digits = [...text.toUpperCase()].map((letter) => ALPHABET.indexOf(letter));
  if (text.length !== KEY_CHARACTERS || digits.includes(-1)) return undefined;
  let bits = digits.reduce((sum, digit) => (sum << 5n) | BigInt(digit), 0n);
  if ((bits & 3n) !== 0n) return undefined;
  bits >>= 2n;
  return Uint8Array.from({ length: KEY_BYTES }, (_, n) => Number((bits >> BigInt(8 * (KEY_BYTES - 1 - n))) & 255n));
}

/** The digits of a code as people type it, with spaces or hyphens; undefined when they are not eight. */
export function readCode(text: string): string | undefined {
  const digits = text.replace(/[\s-]/g, "");
  return /^\d{8}$/.test(digits) ? digits : undefined;
}

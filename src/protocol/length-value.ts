import { concatBytes } from "@noble/hashes/utils.js";

/** The length of bytes as LEB128, seven bits a byte with the lowest first, and the bytes behind it. */
function withLength(bytes: Uint8Array): Uint8Array {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    length.push(rest < 128 ? rest : (rest & 127) | 128);
    if (rest < 128) return concatBytes(Uint8Array.from(length), bytes);
  }
}

/** Joins parts so that no two lists of parts give the same bytes: lv_cat of draft-irtf-cfrg-cpace-21, A.1. */
export function joinParts(...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...parts.map(withLength));
}

import type { Phone } from "../protocol/phones.js";

/** This phone, those that are here, then those seen last; never seen ones by when they were paired. */
export function phonesInOrder(phones: readonly Phone[], me: string | undefined): readonly Phone[] {
  const rank = ({ id, isHere }: Phone): number => (id === me ? 0 : isHere ? 1 : 2);
  const seen = ({ lastSeen, pairedAt }: Phone): string => lastSeen ?? pairedAt;
  return [...phones].sort((a, b) => rank(a) - rank(b) || seen(b).localeCompare(seen(a)));
}

/**
 * What stands for whoever has this address: an IPv4 address is one machine's, of IPv6 each machine has 2^64 of its own, so the
 * first four groups stand for all of them (RFC 4291, 2.5.4).
 */
export function addressKey(address: string): string {
  const [plain = ""] = address.split("%");
  const [, mapped] = /^::ffff:([0-9.]+)$/i.exec(plain) ?? [];
  if (mapped !== undefined || !plain.includes(":")) return mapped ?? plain;
  const [head = "", tail = ""] = plain.split("::");
  const first = head.split(":").filter((group) => group !== "");
  const last = tail.split(":").filter((group) => group !== "");
  const zeros = plain.includes("::") ? new Array<string>(Math.max(0, 8 - first.length - last.length)).fill("0") : [];
  return [...first, ...zeros, ...last].slice(0, 4).map((group) => parseInt(group, 16).toString(16)).join(":");
}

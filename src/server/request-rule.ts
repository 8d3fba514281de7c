import type { IncomingMessage } from "node:http";

/** A name or IPv4 address, or an IPv6 address in brackets, and a port: no user, no trailing dot, no spaces. */
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::([0-9]{1,5}))?$/;

interface Host {
  readonly name: string;
  /** Name and port, as the origin of a page has them. */
  readonly authority: string;
}

/** An IPv6 address in the one spelling that browsers use; anything else as it is. */
function plainAddress(address: string): string {
  const [withoutZone = ""] = address.replace(/^::ffff:(?=[0-9.]+$)/, "").split("%");
  return withoutZone.includes(":") && URL.canParse(`http://[${withoutZone}]`) ? new URL(`http://[${withoutZone}]`).hostname : withoutZone;
}

function readHost(header: string): Host | undefined {
  const [, name = "", port] = HOST.exec(header.toLowerCase()) ?? [];
  if (name === "" || Number(port ?? 80) > 65_535 || port === "0") return undefined;
  const plain = name.startsWith("[") ? plainAddress(name.slice(1, -1)) : name;
  return { name: plain, authority: port === undefined || port === "80" ? plain : `${plain}:${port}` };
}

/**
 * The values of a header, as they came. Node's own tables of headers are not asked: `headersDistinct` threw on a header named
 * "__proto__" in releases that are still in use.
 */
function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

/** A page of another site may link to the box, but nothing else: it may not load from it, nor send to it. */
function isOfAnotherSite(request: IncomingMessage): boolean {
  const [site, mode, destination] = ["site", "mode", "dest"].map((name) => valuesOf(request, `sec-fetch-${name}`)[0]);
  return site === "cross-site" && !(mode === "navigate" && destination === "document");
}

/**
 * The name and port under which a request came, when it may be served; undefined when it must be refused.
 *
 * A name server of an attacker can make any name point to the box (DNS rebinding): then a page of that name would be the
 * same origin as the box. So the name must be one of `names` or the very address that the connection came in on; and
 * where there is an origin, which a WebSocket must have, it must be the same as the host.
 */
export function servedHost(request: IncomingMessage, names: ReadonlySet<string>, isUpgrade: boolean): string | undefined {
  const hosts = valuesOf(request, "host");
  const host = hosts.length === 1 ? readHost(hosts[0] ?? "") : undefined;
  if (host === undefined || isOfAnotherSite(request)) return undefined;
  if (!names.has(host.name) && host.name !== plainAddress(request.socket.localAddress ?? "")) return undefined;
  const origins = valuesOf(request, "origin");
  if (origins.length === 0) return isUpgrade ? undefined : host.authority;
  const isSame = origins.length === 1 && origins[0]?.toLowerCase() === `http://${host.authority}`;
  return isSame ? host.authority : undefined;
}

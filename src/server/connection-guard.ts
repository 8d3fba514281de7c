import type { Socket } from "node:net";
import { addressKey } from "./address-key.js";

/** Open connections at a time of addresses from which no phone has proved itself. */
const MAX_STRANGE = 64;
/** So many more there may be in all: kept for those addresses from which one has. */
const RESERVED = 16;
/** Such addresses that are remembered; of more the one that proved itself longest ago is forgotten. */
const MAX_PROVED = 64;
/** More connections than a browser opens to one machine: a WebSocket, and six for files. */
const MANY = 8;

interface Connection {
  /** Stands for the address. */
  readonly key: string;
  /** Whole requests that came. */
  requests: number;
  /** Whether it is of a phone that has proved itself: then it stays. */
  isTrusted: boolean;
}

/**
 * Bounds the connections so that nobody can keep the others out. When there are too many, an address that has more than a
 * browser needs loses one, first of those that have asked for nothing; then, whoever has asked for nothing; then the oldest.
 */
export class ConnectionGuard {
  /** All that are open, the oldest first. */
  readonly #open = new Map<Socket, Connection>();
  readonly #proved = new Set<string>();

  /** Takes a connection in. */
  add(socket: Socket): void {
    const key = addressKey(socket.remoteAddress ?? "");
    this.#open.set(socket, { key, requests: 0, isTrusted: false });
    socket.once("close", () => this.#open.delete(socket));
    const others = [...this.#open].filter(([other, { isTrusted }]) => other !== socket && !isTrusted);
    const strange = others.filter((other) => !this.#proved.has(other[1].key));
    if (!this.#proved.has(key) && strange.length >= MAX_STRANGE) chosen(strange)?.destroy();
    else if (this.#open.size > MAX_STRANGE + RESERVED) chosen(others)?.destroy();
  }

  /** Counts a whole request. Returns how many came by this connection. */
  ask(socket: Socket): number {
    const connection = this.#open.get(socket);
    return connection === undefined ? 0 : ++connection.requests;
  }

  /** Says that a connection is of a phone that has proved itself. */
  trust(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (connection === undefined) return;
    connection.isTrusted = true;
    this.#proved.delete(connection.key);
    this.#proved.add(connection.key);
    if (this.#proved.size > MAX_PROVED) this.#proved.delete(this.#proved.values().next().value ?? "");
  }

  /** Connections at present. */
  get size(): number {
    return this.#open.size;
  }

  /** Cuts every connection. */
  destroyAll(): void {
    for (const socket of [...this.#open.keys()]) socket.destroy();
  }
}

/** The one of these connections, the oldest first, that has to go. */
function chosen(connections: readonly [Socket, Connection][]): Socket | undefined {
  const ofKey = new Map<string, [Socket, Connection][]>();
  for (const one of connections) ofKey.set(one[1].key, [...(ofKey.get(one[1].key) ?? []), one]);
  const [most = []] = [...ofKey.values()].sort((one, other) => other.length - one.length);
  const from = most.length > MANY ? most : connections;
  return (from.find(([, { requests }]) => requests === 0) ?? from[0])?.[0];
}

import type { Socket } from "node:net";

/** Open connections at a time: phones, their files, and whoever else asks. */
const MAX_CONNECTIONS = 64;

/**
 * Bounds the connections so that nobody can keep the others out: when there are too many, the address with the most of them
 * loses its oldest. Those of phones that have proved who they are stay.
 */
export class ConnectionGuard {
  /** All that are open, the oldest first, with their addresses; also those that have not asked for anything yet. */
  readonly #open = new Map<Socket, string>();
  readonly #trusted = new Set<Socket>();

  /** Takes a connection in. */
  add(socket: Socket): void {
    this.#open.set(socket, socket.remoteAddress ?? "");
    socket.once("close", () => {
      this.#open.delete(socket);
      this.#trusted.delete(socket);
    });
    if (this.#open.size > MAX_CONNECTIONS) this.#oldestOfMost()?.destroy();
  }

  /** Says that a connection is of a phone that has proved itself. */
  trust(socket: Socket): void {
    if (this.#open.has(socket)) this.#trusted.add(socket);
  }

  /** Connections at present. */
  get size(): number {
    return this.#open.size;
  }

  /** Cuts every connection. */
  destroyAll(): void {
    for (const socket of [...this.#open.keys()]) socket.destroy();
  }

  #oldestOfMost(): Socket | undefined {
    const ofAddress = new Map<string, Socket[]>();
    for (const [socket, address] of this.#open) {
      if (!this.#trusted.has(socket)) ofAddress.set(address, [...(ofAddress.get(address) ?? []), socket]);
    }
    const [most] = [...ofAddress.values()].sort((one, other) => other.length - one.length);
    return most?.[0];
  }
}

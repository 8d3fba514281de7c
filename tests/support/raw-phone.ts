import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { WebSocket } from "ws";
import { PhoneHandshake, type Credential } from "../../src/protocol/handshake.js";
import type { SealedChannel } from "../../src/protocol/sealed-channel.js";

/** A phone whose page was taken over: it has proved itself, and sends whatever it likes. */
export class RawPhone {
  /** Frames that came since. */
  received = 0;
  /** Code with which the connection was closed. */
  readonly closed: Promise<number>;

  private constructor(readonly socket: WebSocket, readonly channel: SealedChannel) {
    this.closed = once(socket, "close").then(([code]) => code as number);
    socket.on("message", () => this.received++);
  }

  /** Connects, and shakes hands as it should. */
  static async enter(port: number, credential: Credential): Promise<RawPhone> {
    const handshake = new PhoneHandshake(credential, (count) => Uint8Array.from(randomBytes(count)));
    const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, { origin: `http://127.0.0.1:${port}` });
    socket.on("error", () => undefined);
    const next = async (): Promise<string> => String((await once(socket, "message") as [Buffer])[0]);
    await once(socket, "open");
    socket.send(handshake.hello);
    socket.send(handshake.prove(await next()));
    return new RawPhone(socket, handshake.finish(await next()));
  }

  /** Seals and sends. */
  send(plain: Uint8Array): void {
    this.socket.send(this.channel.seal(plain));
  }
}

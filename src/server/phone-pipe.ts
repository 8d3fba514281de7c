import { createConnection } from "node:net";
import { WebSocket } from "ws";
import { MAX_BOX_MESSAGE_CHARACTERS } from "../protocol/box-messages.js";
import { CLOSE_FORGOTTEN } from "../protocol/phone-frames.js";
import { UPLOAD_WINDOW_BYTES } from "../protocol/upload-wire.js";

export interface PhonePipeOptions {
  /** Path of the control socket. */
  readonly path: string;
  /** Id of the phone. */
  readonly phone: string;
  readonly onText: (message: Buffer) => void;
  readonly onMeters: (bytes: Buffer) => void;
  /** The connection has ended; `isForgotten` when the box does not know this phone any more. */
  readonly onEnd: (isForgotten: boolean) => void;
}

/** What a box may leave unread of a phone's commands, beside what may be under way of a file. */
const MAX_UNREAD_BYTES = UPLOAD_WINDOW_BYTES + 65_536;

/**
 * The connection of one phone to the box. The box sends no more meters than three that are not confirmed, and takes the
 * largest peaks of those that it left out into the next: so what the phone has drawn is what is confirmed to it.
 */
export class PhonePipe {
  readonly #socket: WebSocket;
  /** Confirmations that the box waits for, the oldest first. */
  #unconfirmed: Buffer[] = [];

  constructor({ path, phone, onText, onMeters, onEnd }: PhonePipeOptions) {
    this.#socket = new WebSocket(`ws://box/phone/${phone}`, {
      createConnection: () => createConnection(path), maxPayload: MAX_BOX_MESSAGE_CHARACTERS, perMessageDeflate: false, autoPong: false,
    });
    this.#socket.on("message", (data, isBinary) => {
      if (isBinary) onMeters(data as Buffer);
      else onText(data as Buffer);
    });
    this.#socket.on("ping", (data) => {
      // A bare one asks for a sign of life of this process.
      if (data.length === 0) this.#socket.pong();
      else this.#unconfirmed.push(data);
    });
    this.#socket.on("close", (code) => onEnd(code === CLOSE_FORGOTTEN));
    // The close that follows tells all that matters.
    this.#socket.on("error", () => undefined);
  }

  /** Hands a command on, as text, or a chunk of a file. Returns false when the box does not take any more in. */
  send(message: string | Uint8Array): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) return true;
    this.#socket.send(message);
    return this.#socket.bufferedAmount <= MAX_UNREAD_BYTES;
  }

  /** Says that the phone has so many snapshots more on its screen. */
  confirm(count: number): void {
    for (const data of this.#unconfirmed.splice(0, count)) this.#socket.pong(data);
  }

  /** Ends the connection. */
  close(): void {
    this.#socket.removeAllListeners("message");
    this.#socket.terminate();
  }
}

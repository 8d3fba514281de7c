import type { WebSocket } from "ws";
import { parsePageMessage } from "../protocol/page-messages.js";
import { RateLimit } from "./rate-limit.js";

/** Meter frames that a page was sent and has not drawn; while there are so many it gets no newer ones. */
const MAX_UNDRAWN = 3;
/** A page that leaves so much unread is ended; it gets the whole state when it comes again. */
const MAX_UNREAD_BYTES = 65_536;
/** A page confirms 30 frames a second; one that talks more than this is ended. */
const MESSAGE_RATE = { perSecond: 60, burst: 120 };
/** WebSocket's "policy violation" (RFC 6455, 7.4.1). */
const CLOSE_POLICY = 1008;

/** One page on the network: takes messages, skips meters while it is slow, and is ended when it is gone. */
export class Phone {
  readonly #socket: WebSocket;
  readonly #nowMs: () => number;
  readonly #rate: RateLimit;
  /** Frame and time of the meters that are not drawn yet, the oldest first. */
  #undrawn: { readonly frame: number; readonly atMs: number }[] = [];
  #seenAtMs: number;

  constructor(socket: WebSocket, nowMs: () => number) {
    this.#socket = socket;
    this.#nowMs = nowMs;
    this.#seenAtMs = nowMs();
    this.#rate = new RateLimit(MESSAGE_RATE, this.#seenAtMs);
    socket.on("message", (data, isBinary) => this.#receive(String(data), isBinary));
    socket.on("pong", () => (this.#seenAtMs = this.#nowMs()));
    // The close that follows tells all that matters.
    socket.on("error", () => undefined);
  }

  /** Sends a message that must not be lost. */
  send(message: string): void {
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) this.#socket.terminate();
    else this.#socket.send(message);
  }

  /** Sends a frame of the meters, or skips it while the page has not drawn those before. */
  sendMeters(frame: number, message: string): void {
    if (this.#undrawn.length >= MAX_UNDRAWN || this.#socket.bufferedAmount > MAX_UNREAD_BYTES) return;
    this.#undrawn.push({ frame, atMs: this.#nowMs() });
    this.#socket.send(message);
  }

  /** Asks for a sign of life; ends a page that has given none, or drawn nothing that it was sent, for `silenceMs`. */
  checkLife(silenceMs: number): void {
    const nowMs = this.#nowMs();
    const frozenMs = nowMs - (this.#undrawn[0]?.atMs ?? nowMs);
    if (nowMs - this.#seenAtMs > silenceMs || frozenMs > silenceMs) this.#socket.terminate();
    else this.#socket.ping();
  }

  /** Says goodbye. */
  close(): void {
    this.#socket.close(1001, "The web process stops.");
  }

  #receive(message: string, isBinary: boolean): void {
    this.#seenAtMs = this.#nowMs();
    if (isBinary || this.#rate.take(this.#seenAtMs) > 0) return this.#refuse("Too much.");
    try {
      const { drawn } = parsePageMessage(message);
      this.#undrawn = this.#undrawn.filter(({ frame }) => frame > drawn);
    } catch {
      this.#refuse("This page can only look.");
    }
  }

  #refuse(reason: string): void {
    this.#socket.close(CLOSE_POLICY, reason);
  }
}

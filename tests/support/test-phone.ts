import { once } from "node:events";
import { WebSocket } from "ws";
import type { Credential } from "../../src/protocol/handshake.js";
import { PhoneClient, type PhoneEvent } from "../../src/protocol/phone-client.js";
import { randomBytes } from "node:crypto";

/** A phone as a browser would be one: notes what happens, and confirms the meters at once unless told not to. */
export class TestPhone {
  readonly events: PhoneEvent[] = [];
  readonly socket: WebSocket;
  readonly client: PhoneClient;
  /** Code and reason with which the connection was closed. */
  readonly closed: Promise<[number, string]>;
  /** What broke the connection at this end. */
  broken: string | undefined;

  constructor(port: number, credential: Credential, options: { readonly draws?: boolean; readonly name?: string; readonly localAddress?: string; readonly authority?: string } = {}) {
    const { draws = true, name = "Anna's phone", localAddress, authority = `127.0.0.1:${port}` } = options;
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/live`, {
      origin: new URL(`http://${authority}`).origin, headers: { host: new URL(`http://${authority}`).host }, ...(localAddress !== undefined && { localAddress }) });
    this.closed = once(this.socket, "close").then(([code, reason]) => [code as number, String(reason)]);
    this.client = new PhoneClient({
      credential, name, random: (count) => Uint8Array.from(randomBytes(count)),
      send: (frame) => {
        if (this.socket.readyState === WebSocket.OPEN) this.socket.send(frame);
      },
      onEvent: (event) => {
        this.events.push(event);
        if (draws && event.type === "meters") this.client.drawn();
      },
      onBroken: (reason) => {
        this.broken = reason;
        this.socket.close();
      },
    });
    this.socket.on("open", () => this.client.start());
    this.socket.on("message", (data, isBinary) => this.client.receive(isBinary ? data as Buffer : String(data)));
    this.socket.on("close", () => this.client.end());
    this.socket.on("error", () => undefined);
  }

  of<Type extends PhoneEvent["type"]>(type: Type): Extract<PhoneEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<PhoneEvent, { type: Type }> => event.type === type);
  }
}

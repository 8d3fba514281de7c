import { createServer, type IncomingMessage, type Server } from "node:http";
import { WebSocketServer, type WebSocket } from "ws";
import { MAX_COMMAND_BYTES } from "../protocol/commands.js";
import type { Finding } from "../protocol/diagnosis.js";
import type { LevelsState } from "../protocol/levels.js";
import {
  PROTOCOL_VERSION, type BoxMessage, type ChangeMessage, type Comparison, type ControlState, type NoticeMessage, type PresetEntry,
  type Reference,
} from "../protocol/messages.js";
import type { Phone } from "../protocol/phones.js";
import { ControlConnection, type Client, type ConnectionContext } from "./control-connection.js";
import { listenOnSocket } from "./socket-file.js";
import { CLOSE_POLICY, CLOSE_TRY_LATER, WEB_SOCKET_LIMITS } from "./web-socket-limits.js";

/** Clients at a time; the next one is told so. */
const MAX_CLIENTS = 128;
/** A client that gives no sign of life is gone after 7.5 to 10 s. */
const LIFE_CHECK_MS = 2500;
const LONGEST_SILENCE_MS = 7500;

export interface ControlSocketOptions extends ConnectionContext {
  /** Where the unix socket is made. */
  readonly path: string;
  /** Version of the product. */
  readonly version: string;
  /** What is adjusted now; must hold the change last given to `change`. */
  readonly state: () => ControlState;
  /** The reference tracks now; must hold the list last given to `references`. */
  readonly references: () => readonly Reference[];
  /** How mix and reference are compared; must be what was last given to `comparison`, or newer. */
  readonly comparison: () => Comparison;
}

/**
 * The way into the box: WebSockets on a unix socket, the messages of src/protocol. A client is welcomed with the whole
 * state, gets every change after it without a gap, answers in the order of its commands, and the newest meters at the
 * rate that it asked for. None can fill the memory: what a slow one does not take in is skipped (meters) or ends it.
 */
export class ControlSocket {
  readonly #options: ControlSocketOptions;
  readonly #http: Server;
  readonly #webSockets: WebSocketServer;
  readonly #clients = new Set<ControlConnection>();
  #lifeTimer: NodeJS.Timeout | undefined;

  constructor(options: ControlSocketOptions) {
    this.#options = options;
    this.#http = createServer((_, response) => response.writeHead(426, { connection: "close" }).end());
    this.#webSockets = new WebSocketServer({ ...WEB_SOCKET_LIMITS, server: this.#http, maxPayload: MAX_COMMAND_BYTES });
    this.#webSockets.on("connection", (socket, request) => this.#welcome(socket, request));
    // Errors of the server beneath come here as well; `start` reports those that matter.
    this.#webSockets.on("error", () => undefined);
  }

  /** Begins to listen. @throws Error when a box runs there already, or the path cannot be used */
  async start(): Promise<void> {
    await listenOnSocket(this.#http, this.#options.path);
    this.#lifeTimer = setInterval(() => {
      for (const client of this.#clients) client.checkLife(LONGEST_SILENCE_MS);
    }, LIFE_CHECK_MS);
  }

  /** Clients at present. */
  get clients(): number {
    return this.#clients.size;
  }

  /** Snapshots a second that the fastest client wants; 0 when none wants any. */
  get meterRateHz(): number {
    return Math.max(0, ...[...this.#clients].map(({ meterRateHz }) => meterRateHz));
  }

  /** Tells every client of a change; to be called once for each, in their order. */
  change(change: Omit<ChangeMessage, "type">): void {
    this.#tell({ ...change, type: "change" });
  }

  /** Tells every client something for people. */
  notice(notice: Omit<NoticeMessage, "type">): void {
    this.#tell({ ...notice, type: "notice" });
  }

  /** Tells every client what is wrong with the sound. */
  diagnosis(findings: readonly Finding[]): void {
    this.#tell({ type: "diagnosis", findings });
  }

  /** Tells every client what presets there are. */
  presets(presets: readonly PresetEntry[]): void {
    this.#tell({ type: "presets", presets });
  }

  /** Tells every client what reference tracks there are. */
  references(references: readonly Reference[]): void {
    this.#tell({ type: "references", references });
  }

  /** Tells every client what is being done about the loudness. */
  levels(levels: LevelsState): void {
    this.#tell({ type: "levels", levels });
  }

  /** Tells every client how mix and reference are compared. */
  comparison(comparison: Comparison): void {
    this.#tell({ type: "comparison", comparison });
  }

  /** Tells every client what phones are paired; one that is not any more is disconnected. */
  phones(phones: readonly Phone[]): void {
    this.#tell({ type: "phones", phones });
    for (const client of this.#clients) client.checkPhone();
  }

  /** Where a client of this socket serves the page: the port, and the address for others where there is a network; null when none does. */
  get page(): { readonly port: number; readonly address: string | null } | null {
    return [...this.#clients].map(({ page }) => page).find((page) => page !== null) ?? null;
  }

  /** The port of the page; null when nobody serves it. */
  get pagePort(): number | null {
    return this.page?.port ?? null;
  }

  /** Sends the meters to each client for which they are due; to be called as often as any may ask for them. */
  sendMeters(): void {
    for (const client of this.#clients) client.sendMeters();
  }

  /** Says goodbye to all clients and takes the socket away. */
  async stop(): Promise<void> {
    clearInterval(this.#lifeTimer);
    for (const client of this.#clients) client.close();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  #tell(message: BoxMessage): void {
    if (this.#clients.size === 0) return;
    const text = JSON.stringify(message);
    for (const client of this.#clients) client.send(text);
  }

  #welcome(socket: WebSocket, request: IncomingMessage): void {
    if (this.#clients.size >= MAX_CLIENTS) {
      socket.on("error", () => undefined);
      socket.close(CLOSE_TRY_LATER, `There are ${MAX_CLIENTS} clients already.`);
      return;
    }
    const of = clientOf(request.url ?? "");
    if (of === undefined) {
      socket.on("error", () => undefined);
      socket.close(CLOSE_POLICY, "The path must name a program, or a phone.");
      return;
    }
    const { version, state, phones, references, comparison } = this.#options;
    const phone = "phone" in of ? phones.find(of.phone) ?? null : null;
    const client = new ControlConnection(socket, of, this.#options);
    if ("phone" in of && phone === null) return client.checkPhone();
    if (phone !== null) {
      phones.arrive(phone.id);
      socket.on("close", () => phones.leave(phone.id));
    }
    this.#clients.add(client);
    socket.on("close", () => this.#clients.delete(client));
    client.send(JSON.stringify({
      type: "welcome", protocol: PROTOCOL_VERSION, version, state: state(), phone: phone && { ...phone, isHere: true }, references: references(),
      comparison: comparison(),
    } satisfies BoxMessage));
  }
}

/** Who connects, by the path that is asked for: "/cli" is a program, "/phone/7f3a..." a phone; undefined for anything else. */
function clientOf(path: string): Client | undefined {
  const [, phone] = /^\/phone\/([0-9a-f]{1,64})$/.exec(path) ?? [];
  if (phone !== undefined) return { phone };
  const [, source] = /^\/([a-z]{1,16})$/.exec(path) ?? [];
  return source === undefined ? undefined : { source };
}

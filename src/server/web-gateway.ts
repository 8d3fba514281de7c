import { createServer, type IncomingMessage, type Server } from "node:http";
import type { ListenOptions, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { BoxStatus, TargetEntry } from "../protocol/messages.js";
import { MAX_PAGE_MESSAGE_BYTES, type PageMessage } from "../protocol/page-messages.js";
import { ControlClient } from "./control-client.js";
import type { BoxEvent, ControlLink } from "./control-link.js";
import { PageFiles } from "./page-files.js";
import { Phone } from "./phone.js";
import { servedHost } from "./request-rule.js";
import { CLOSE_TRY_LATER, WEB_SOCKET_LIMITS } from "./web-socket-limits.js";

/** Pages at a time; the next one is told so. */
const MAX_PHONES = 16;
/** Open connections at a time, pages and their files together. */
const MAX_CONNECTIONS = 64;
const METER_RATE_HZ = 30;
const STATUS_MS = 1000;
/** A page that gives no sign of life is gone after 7.5 to 10 s. */
const LIFE_CHECK_MS = 2500;
const LONGEST_SILENCE_MS = 7500;
/** Time that the phones have to answer the goodbye, before every connection is cut. */
const GOODBYE_MS = 500;

const REFUSAL = "This box is not called so. Open it by its address, or by its own name ending in .local.\n";

export interface WebGatewayOptions {
  /** Paths at which the control socket of the box may be. */
  readonly socketPaths: readonly string[];
  /** Names under which the page may be asked for, besides the address that it is reached by: "lacquer.local", "localhost". */
  readonly names: readonly string[];
  /** Monotonic time in milliseconds. */
  readonly nowMs: () => number;
  /** Takes a line for the log. */
  readonly log: (line: string) => void;
}

/**
 * The web process: one page, and what it shows, for at most 16 phones. It can only look at the box: nothing that comes
 * from the network becomes a command. It outlives the box, and the box does not notice it.
 */
export class WebGateway {
  readonly #options: WebGatewayOptions;
  readonly #names: ReadonlySet<string>;
  readonly #files = new PageFiles();
  readonly #http: Server;
  readonly #webSockets = new WebSocketServer({ ...WEB_SOCKET_LIMITS, noServer: true, maxPayload: MAX_PAGE_MESSAGE_BYTES });
  readonly #phones = new Set<Phone>();
  /** All that are open: also those that have not asked for anything yet, which browsers keep in reserve. */
  readonly #connections = new Set<Socket>();
  readonly #client: ControlClient;
  readonly #timers: NodeJS.Timeout[] = [];
  #link: ControlLink | undefined;
  #downReason = "The box is starting.";
  #status: BoxStatus | undefined;
  #targets: readonly TargetEntry[] = [];
  #frame = 0;

  constructor(options: WebGatewayOptions) {
    this.#options = options;
    this.#names = new Set(options.names.map((name) => name.toLowerCase()));
    this.#http = createServer({ headersTimeout: 5000, requestTimeout: 10_000, keepAliveTimeout: 5000, connectionsCheckingInterval: 1000, maxHeaderSize: 8192 });
    this.#http.maxConnections = MAX_CONNECTIONS;
    this.#http.on("connection", (socket: Socket) => {
      this.#connections.add(socket);
      socket.once("close", () => this.#connections.delete(socket));
    });
    this.#http.on("request", (request, response) => {
      const host = servedHost(request, this.#names, false);
      if (host !== undefined) this.#files.answer(request, response, host);
      else response.writeHead(403, { "content-type": "text/plain", connection: "close" }).end(REFUSAL);
    });
    this.#http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    this.#client = new ControlClient({
      paths: options.socketPaths, source: "web",
      onUp: (link) => void this.#meet(link),
      onDown: (reason) => this.#lose(reason),
      onEvent: (event) => this.#forward(event),
    });
  }

  /** Begins to serve on a port of the network, or on a socket that is open already. @throws Error when it cannot be used */
  async start(where: ListenOptions | { readonly fd: number }): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(where, resolve);
    });
    this.#http.on("error", (error) => this.#options.log(`The page is in trouble: ${error.message}.`));
    this.#client.start();
    this.#timers.push(
      setInterval(() => void this.#askStatus(), STATUS_MS),
      setInterval(() => {
        for (const phone of this.#phones) phone.checkLife(LONGEST_SILENCE_MS);
      }, LIFE_CHECK_MS),
    );
  }

  /** Where it listens; null before the start. */
  get address(): ReturnType<Server["address"]> {
    return this.#http.address();
  }

  /** Pages at present. */
  get phones(): number {
    return this.#phones.size;
  }

  /** Says goodbye to all pages and stops serving; a connection that does not end within 500 ms is cut. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#client.stop();
    for (const phone of this.#phones) phone.close();
    this.#http.closeIdleConnections();
    const late = setTimeout(() => {
      for (const socket of this.#connections) socket.destroy();
    }, GOODBYE_MS);
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
    clearTimeout(late);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => undefined);
    if (request.url !== "/live" || servedHost(request, this.#names, true) === undefined) {
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#admit(webSocket));
  }

  #admit(socket: WebSocket): void {
    if (this.#phones.size >= MAX_PHONES) {
      // A page cannot read why an upgrade was refused, but it can read why its socket was closed.
      socket.on("error", () => undefined);
      socket.close(CLOSE_TRY_LATER, `${MAX_PHONES} phones look on already; close the page on one of them.`);
      return;
    }
    const phone = new Phone(socket, this.#options.nowMs);
    this.#phones.add(phone);
    socket.on("close", () => {
      this.#phones.delete(phone);
      if (this.#phones.size === 0) this.#subscribe(0);
    });
    for (const message of this.#whole()) phone.send(JSON.stringify(message));
    if (this.#phones.size === 1) {
      this.#subscribe(METER_RATE_HZ);
      void this.#askStatus();
    }
  }

  /** All that a page needs when it comes, and that every page needs when the box comes back. */
  #whole(): PageMessage[] {
    const isBoxThere = this.#link !== undefined;
    return [
      { type: "link", isBoxThere, sentence: isBoxThere ? "" : this.#downReason, pageTag: this.#files.tag },
      ...(this.#link ? [{ ...this.#link.welcome, state: this.#link.state }] : []),
      ...(this.#link ? [{ type: "targets", targets: this.#targets } as const] : []),
      ...(this.#status ? [{ type: "status", status: this.#status } as const] : []),
    ];
  }

  #tell(...messages: readonly PageMessage[]): void {
    if (this.#phones.size === 0) return;
    for (const message of messages) {
      const text = JSON.stringify(message);
      for (const phone of this.#phones) phone.send(text);
    }
  }

  async #meet(link: ControlLink): Promise<void> {
    this.#options.log("The box is there.");
    this.#link = link;
    this.#tell(...this.#whole());
    if (this.#phones.size > 0) this.#subscribe(METER_RATE_HZ);
    const targets = await this.#ask(() => link.command("listTargets", {}));
    if (targets === undefined) return;
    this.#targets = targets.targets;
    this.#tell({ type: "targets", targets: this.#targets });
  }

  #lose(reason: string): void {
    this.#options.log(`The box is not there: ${reason}`);
    this.#link = undefined;
    this.#status = undefined;
    this.#downReason = reason;
    this.#tell(...this.#whole());
  }

  #forward(event: BoxEvent): void {
    if (event.type === "phones" || event.type === "presets") return;
    if (event.type !== "meters") return this.#tell(event);
    const frame = ++this.#frame;
    const message = JSON.stringify({ ...event, frame } satisfies PageMessage);
    for (const phone of this.#phones) phone.sendMeters(frame, message);
  }

  #subscribe(maxRateHz: number): void {
    void this.#ask((link) => link.command("subscribeMeters", { maxRateHz }));
  }

  async #askStatus(): Promise<void> {
    if (this.#phones.size === 0) return;
    const status = await this.#ask((link) => link.command("status", {}));
    if (status === undefined) return;
    this.#status = status;
    this.#tell({ type: "status", status });
  }

  /** The box's answer; undefined when it is not there, or goes away, or cannot. What the pages see then is told by the link. */
  async #ask<T>(command: (link: ControlLink) => Promise<T>): Promise<T | undefined> {
    try {
      return this.#link && await command(this.#link);
    } catch {
      return undefined;
    }
  }
}

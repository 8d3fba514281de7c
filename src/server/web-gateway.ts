import { createServer, ServerResponse, type IncomingMessage, type Server } from "node:http";
import type { ListenOptions, Socket } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import { MAX_PHONE_FRAME_BYTES, type LinkMessage } from "../protocol/phone-frames.js";
import { PAIR_BUTTON_PATH, type PairButton } from "../protocol/phones.js";
import { ConnectionGuard } from "./connection-guard.js";
import { ControlClient } from "./control-client.js";
import type { ControlLink } from "./control-link.js";
import { FailureBook } from "./failure-book.js";
import { answerJson, refuse, refuseSocket } from "./http-answers.js";
import { OwnAddress } from "./own-address.js";
import { PageFiles } from "./page-files.js";
import { PhoneHouse } from "./phone-house.js";
import { PhoneSession, type SessionContext } from "./phone-session.js";
import { RequestRates } from "./request-rates.js";
import { servedHost } from "./request-rule.js";
import { WEB_SOCKET_LIMITS } from "./web-socket-limits.js";

/** Each phone is told this often that this process lives, and whether the box does. */
const LINK_MS = 2000;
/** How often the network is looked at. */
const ANNOUNCE_MS = 5000;
/** A phone that gives no sign of life is gone after 7.5 to 10 s. */
const LIFE_CHECK_MS = 2500;
const LONGEST_SILENCE_MS = 7500;
/** A connection on which nothing moves for so long is ended, unless it is a phone's. */
const IDLE_MS = 10_000;
/** Time that the phones have to answer the goodbye, before every connection is cut. */
const GOODBYE_MS = 500;

const REFUSAL = "This box is not called so. Open it by its address, or by its own name ending in .local.";
/** A request without a host is refused as one with a wrong host is, not by Node itself. */
const HTTP_LIMITS = { headersTimeout: 5000, requestTimeout: 10_000, keepAliveTimeout: 5000, connectionsCheckingInterval: 1000, maxHeaderSize: 8192, requireHostHeader: false };
/** Then the connection ends: requests that were sent ahead cost no more than so many answers. */
const MAX_REQUESTS_OF_CONNECTION = 100;
/** What could not be read as a request -> the status that says so; anything else is a bad request. */
const UNREADABLE: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431, HPE_CHUNK_EXTENSIONS_OVERFLOW: 413 };

export interface WebGatewayOptions {
  /** Paths at which the control socket of the box may be. */
  readonly socketPaths: readonly string[];
  /** Folder of the built page. */
  readonly pageFolder: string;
  /** Names under which the page may be asked for, besides the address that it is reached by: "lacquer.local", "localhost". */
  readonly names: readonly string[];
  /** Monotonic time in milliseconds. */
  readonly nowMs: () => number;
  /** Takes a line for the log. */
  readonly log: (line: string) => void;
  /** Phones that may be there at once; MAX_PHONES unless given, which the bench goes beyond. */
  readonly maxPhones?: number;
}

/**
 * The web process: the page, and a way to the box for each of at most 16 phones that were paired. It knows no phone and no
 * key itself: what a phone may do the box says. It outlives the box, and the box does not notice it.
 */
export class WebGateway {
  readonly #options: WebGatewayOptions;
  readonly #names: ReadonlySet<string>;
  readonly #files: PageFiles;
  readonly #http: Server;
  readonly #webSockets = new WebSocketServer({ ...WEB_SOCKET_LIMITS, noServer: true, maxPayload: MAX_PHONE_FRAME_BYTES });
  readonly #guard = new ConnectionGuard();
  readonly #failures: FailureBook;
  readonly #requests = new RequestRates();
  readonly #ownAddress = new OwnAddress();
  /** All that have connected, and those of them that have proved who they are. */
  readonly #sessions = new Map<PhoneSession, Socket>();
  readonly #house: PhoneHouse<PhoneSession>;
  readonly #client: ControlClient;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #context: SessionContext;
  #link: ControlLink | undefined;
  /** Where the box was told that the page is. */
  #announced: string | undefined;
  /** The button of the box by which phones are paired, as it was last told. */
  #pairButton: PairButton | null = null;
  #downReason = "The box is starting.";

  constructor(options: WebGatewayOptions) {
    this.#options = options;
    this.#names = new Set(options.names.map((name) => name.toLowerCase()));
    this.#files = new PageFiles(options.pageFolder);
    this.#failures = new FailureBook(options.nowMs);
    this.#house = new PhoneHouse(options.maxPhones);
    this.#context = {
      nowMs: options.nowMs,
      link: () => this.#link,
      linkMessage: () => this.#linkMessage(),
      mayBegin: (address) => this.#failures.begin(address),
      blame: (address) => this.#failures.fail(address),
      forgive: (address) => this.#failures.forgive(address),
      admit: (session) => this.#admit(session),
    };
    this.#http = createServer(HTTP_LIMITS);
    this.#http.timeout = IDLE_MS;
    this.#http.on("connection", (socket: Socket) => {
      this.#guard.add(socket);
      this.#ownAddress.see(socket.localAddress);
    });
    this.#http.on("request", (request, response) => this.#answer(request, response));
    this.#http.on("checkExpectation", (_, response: ServerResponse) => refuse(response, 417, "Nothing is expected here."));
    this.#http.on("clientError", ({ code }: NodeJS.ErrnoException, socket) => refuseSocket(socket as Socket, UNREADABLE[code ?? ""] ?? 400));
    this.#webSockets.on("wsClientError", (_, socket) => refuseSocket(socket as Socket, 400));
    this.#http.on("upgrade", (request, _, head) => this.#upgrade(request, head));
    this.#client = new ControlClient({
      paths: options.socketPaths, source: "web",
      onUp: (link) => this.#meet(link),
      onDown: (reason) => this.#lose(reason),
      // Each phone hears for itself what the box tells.
      onEvent: () => undefined,
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
      setInterval(() => this.#showLink(), LINK_MS),
      setInterval(() => this.#announce(), ANNOUNCE_MS),
      setInterval(() => {
        for (const session of this.#sessions.keys()) session.checkLife(LONGEST_SILENCE_MS);
      }, LIFE_CHECK_MS),
    );
  }

  /** Where it listens; null before the start. */
  get address(): ReturnType<Server["address"]> {
    return this.#http.address();
  }

  /** Phones at present that have proved who they are. */
  get phones(): number {
    return this.#house.guests.size;
  }

  /** Connections at present. */
  get connections(): number {
    return this.#guard.size;
  }

  /** Says goodbye to all phones and stops serving; a connection that does not end within 500 ms is cut. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#client.stop();
    for (const session of this.#sessions.keys()) session.goodbye();
    this.#http.closeIdleConnections();
    const late = setTimeout(() => this.#guard.destroyAll(), GOODBYE_MS);
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
    clearTimeout(late);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    // Node's own limit would answer the rest with a bare 503 each.
    if (this.#guard.ask(request.socket) >= MAX_REQUESTS_OF_CONNECTION) response.setHeader("connection", "close");
    try {
      const host = servedHost(request, this.#names, false);
      if (!this.#requests.take(request.socket.remoteAddress ?? "", this.#options.nowMs())) refuse(response, 429, "That is too much at once; wait a second.");
      else if (host === undefined) refuse(response, 403, REFUSAL);
      else if (request.method === "GET" && request.url === PAIR_BUTTON_PATH) answerJson(response, { button: this.#pairButton });
      else this.#files.answer(request, response, host);
    } catch (error) {
      this.#options.log(`A request failed: ${error instanceof Error ? error.stack : String(error)}`);
      if (response.headersSent) response.destroy();
      else refuse(response, 500, "This request failed; the box goes on.");
    }
  }

  /** A phone's WebSocket, or an offer to speak another protocol, which is answered as if it had not been made (RFC 9110, 7.8). */
  #upgrade(request: IncomingMessage, head: Buffer): void {
    const { socket } = request;
    socket.on("error", () => undefined);
    const isWebSocket = request.headers.upgrade?.toLowerCase() === "websocket";
    const isServed = request.url === "/live" && servedHost(request, this.#names, true) !== undefined;
    if (isWebSocket) this.#guard.ask(socket);
    const isMuch = isWebSocket && !this.#requests.take(socket.remoteAddress ?? "", this.#options.nowMs());
    if (isWebSocket && isServed && !isMuch) {
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#greet(webSocket, socket));
      return;
    }
    const response = new ServerResponse(request);
    response.assignSocket(socket);
    response.setHeader("connection", "close");
    // The other side may never close its half.
    response.on("finish", () => socket.destroySoon());
    if (!isWebSocket) this.#answer(request, response);
    else if (isMuch) refuse(response, 429, "That is too much at once; wait a second.");
    else refuse(response, 403, REFUSAL);
  }

  #greet(webSocket: WebSocket, socket: Socket): void {
    const session = new PhoneSession(webSocket, socket.remoteAddress ?? "", this.#context);
    this.#sessions.set(session, socket);
    webSocket.on("close", () => {
      this.#sessions.delete(session);
      this.#house.leave(session);
    });
  }

  #admit(session: PhoneSession): boolean {
    const socket = this.#sessions.get(session);
    if (socket === undefined || !this.#house.enter(session)) return false;
    this.#guard.trust(socket);
    return true;
  }

  #linkMessage(): LinkMessage {
    const isBoxThere = this.#link !== undefined;
    return { type: "link", isBoxThere, sentence: isBoxThere ? "" : this.#downReason, pageTag: this.#files.tag };
  }

  #showLink(): void {
    for (const session of this.#house.guests) session.showLink();
  }

  #meet(link: ControlLink): void {
    this.#options.log("The box is there.");
    this.#link = link;
    this.#announced = undefined;
    this.#announce();
    link.command("pairingState", {}).then(({ button }) => (this.#pairButton = button), () => undefined);
    this.#showLink();
  }

  /** Tells the box where the page is, whenever that has changed: the box has no network to look at. */
  #announce(): void {
    const [served, { address }] = [this.address, this.#ownAddress];
    if (this.#link === undefined || typeof served !== "object" || served === null) return;
    const place = { port: served.port, ...(address !== undefined && { address }) };
    if (JSON.stringify(place) === this.#announced) return;
    this.#announced = JSON.stringify(place);
    this.#link.command("announcePage", place).catch(() => (this.#announced = undefined));
  }

  #lose(reason: string): void {
    this.#options.log(`The box is not there: ${reason}`);
    this.#link = undefined;
    this.#downReason = reason;
    this.#showLink();
  }
}

import type { WebSocket } from "ws";
import { CommandFailure } from "../protocol/command-failure.js";
import { isOfOtherVersion, MAX_HANDSHAKE_CHARACTERS } from "../protocol/handshake.js";
import {
  bytesFrame, CLOSE_ELSEWHERE, CLOSE_FORGOTTEN, CLOSE_FULL, CLOSE_NO_BOX, CLOSE_NOT_PAIRED, CLOSE_OTHER_VERSION, CLOSE_REFUSED, CLOSE_TOO_MANY_TRIES, FRAME_BOX, FRAME_METERS, FRAME_UPLOAD,
  FRAME_WEB, parsePhoneMessage, textFrame, textOf, type LinkMessage, type WebMessage,
} from "../protocol/phone-frames.js";
import { MAX_PHONES } from "../protocol/phones.js";
import type { SealedChannel } from "../protocol/sealed-channel.js";
import { LinkError, type ControlLink } from "./control-link.js";
import { PhoneHandshakes, type ProvedPhone } from "./phone-handshake.js";
import { PhonePipe } from "./phone-pipe.js";
import { RateLimit } from "./rate-limit.js";
import { UndrawnFrames } from "./undrawn-frames.js";
import { CLOSE_POLICY, closeReason } from "./web-socket-limits.js";

/** A phone must have proved itself within this time. */
const HANDSHAKE_MS = 5000;
/** The box is there but has ended the line of a phone: it gets a new one after so long. */
const NEW_LINE_MS = 100;
/** A phone that leaves so much unread is ended; it gets the whole state when it comes again. */
const MAX_UNREAD_BYTES = 262_144;
/** Commands of a phone; those that come faster are left in its own socket. */
const COMMAND_RATE = { perSecond: 30, burst: 60 };
/** Chunks of a file: 16 MB a second at most, of which each has to be opened here. */
const CHUNK_RATE = { perSecond: 1000, burst: 200 };
/** Everything else that a phone sends: it confirms 60 frames a second at most beside its commands. One that sends more is ended. */
const MESSAGE_RATE = { perSecond: 120, burst: 240 };
/** Said before a phone has proved itself: where the box is looked for is no stranger's business. */
const NO_BOX = "The box is not there at present.";

/** What the sessions need of their gateway. */
export interface SessionContext {
  readonly nowMs: () => number;
  /** The connection of this process to the box; undefined while there is none. */
  readonly link: () => ControlLink | undefined;
  readonly linkMessage: () => LinkMessage;
  /** Counts a handshake of an address; whether it may be. */
  readonly mayBegin: (address: string) => boolean;
  /** Counts a wrong proof. */
  readonly blame: (address: string) => void;
  /** Takes back the count of a handshake that was proved. */
  readonly forgive: (address: string) => void;
  /** Takes a phone in that has proved itself; false when there are too many. */
  readonly admit: (session: PhoneSession) => boolean;
}

type Stage = "hello" | "proof" | "name" | "open" | "busy" | "ended";

/** One phone on the network: proves itself, is piped to the box, and is ended when it misbehaves or is gone. */
export class PhoneSession {
  readonly #socket: WebSocket;
  readonly #address: string;
  readonly #context: SessionContext;
  readonly #messageRate: RateLimit;
  readonly #commandRate: RateLimit;
  readonly #chunkRate: RateLimit;
  readonly #undrawn = new UndrawnFrames();
  readonly #late: NodeJS.Timeout;
  #stage: Stage = "hello";
  #handshakes: PhoneHandshakes | undefined;
  #channel: SealedChannel | undefined;
  #proved: ProvedPhone | undefined;
  #phone = "";
  #pipe: PhonePipe | undefined;
  #throttle: NodeJS.Timeout | undefined;
  #newLine: NodeJS.Timeout | undefined;
  #seenAtMs: number;

  constructor(socket: WebSocket, address: string, context: SessionContext) {
    const nowMs = context.nowMs();
    this.#socket = socket;
    this.#address = address;
    this.#context = context;
    this.#seenAtMs = nowMs;
    this.#messageRate = new RateLimit(MESSAGE_RATE, nowMs);
    this.#commandRate = new RateLimit(COMMAND_RATE, nowMs);
    this.#chunkRate = new RateLimit(CHUNK_RATE, nowMs);
    this.#late = setTimeout(() => this.#close(CLOSE_REFUSED), HANDSHAKE_MS);
    socket.on("message", (data, isBinary) => this.#receive(data as Buffer, isBinary));
    socket.on("ping", () => this.#count());
    socket.on("pong", () => {
      this.#seenAtMs = this.#context.nowMs();
      this.#count();
    });
    socket.on("close", () => this.#end());
    // The close that follows tells all that matters.
    socket.on("error", () => undefined);
  }

  /** Id of the phone that has proved itself; "" before. */
  get phone(): string {
    return this.#phone;
  }

  /** When it gave its last sign of life. */
  get seenAtMs(): number {
    return this.#seenAtMs;
  }

  /** Tells the phone whether the box is there; connects it anew when the box has come back. */
  showLink(): void {
    this.#tell(this.#context.linkMessage());
    this.#connect();
  }

  /** Asks for a sign of life; ends a phone that has given none, or drawn nothing that it was sent, for `silenceMs`. */
  checkLife(silenceMs: number): void {
    const nowMs = this.#context.nowMs();
    // What a phone sends while it is held back is not seen.
    if (this.#socket.isPaused) this.#seenAtMs = nowMs;
    if (nowMs - this.#seenAtMs > silenceMs || this.#undrawn.ageMs(nowMs) > silenceMs) this.#socket.terminate();
    else this.#socket.ping();
  }

  /** Ends it, for the sake of another. */
  makeRoom(sentence: string): void {
    this.#close(CLOSE_ELSEWHERE, sentence);
  }

  /** Says goodbye. */
  goodbye(): void {
    this.#close(1001, "The web process stops.");
  }

  #receive(data: Buffer, isBinary: boolean): void {
    this.#seenAtMs = this.#context.nowMs();
    if (isBinary) this.#open(data);
    else if (this.#count()) void this.#shakeHands(data);
  }

  #count(): boolean {
    const isMuch = this.#messageRate.take(this.#context.nowMs()) > 0;
    if (isMuch) this.#close(CLOSE_POLICY, "Too much.");
    return !isMuch;
  }

  /** Takes a text of the handshake; there may be none while the one before is looked at. */
  async #shakeHands(data: Buffer): Promise<void> {
    const stage = this.#stage;
    if (data.length > MAX_HANDSHAKE_CHARACTERS || (stage !== "hello" && stage !== "proof")) return this.#close(CLOSE_REFUSED);
    this.#stage = "busy";
    try {
      const next = stage === "hello" ? await this.#greet(data.toString()) : await this.#prove(data.toString());
      if (this.#isBusy()) this.#stage = next;
    } catch (error) {
      // Why is not told: whether a phone is known, a code holds or a proof is wrong is nobody's business.
      if (error instanceof LinkError) this.#close(CLOSE_NO_BOX, NO_BOX);
      else this.#close(CLOSE_REFUSED);
    }
  }

  /** Whether the handshake still goes on; it may have ended while the box was asked. */
  #isBusy(): boolean {
    return this.#stage === "busy";
  }

  async #greet(hello: string): Promise<Stage> {
    const link = this.#context.link();
    if (isOfOtherVersion(hello)) this.#close(CLOSE_OTHER_VERSION, "This page is of another release; load it anew.");
    else if (link === undefined) this.#close(CLOSE_NO_BOX, NO_BOX);
    else if (!this.#context.mayBegin(this.#address)) this.#close(CLOSE_TOO_MANY_TRIES, "There were too many tries from here; wait a minute.");
    if (link === undefined || !this.#isBusy()) return "ended";
    this.#handshakes = new PhoneHandshakes(link);
    const share = await this.#handshakes.share(hello);
    if (this.#isBusy()) this.#socket.send(share);
    return "proof";
  }

  async #prove(proof: string): Promise<Stage> {
    let proved: ProvedPhone;
    try {
      proved = await (this.#handshakes as PhoneHandshakes).prove(proof);
    } catch (error) {
      if (!(error instanceof LinkError)) this.#context.blame(this.#address);
      throw error;
    }
    if (!this.#isBusy()) return "ended";
    this.#context.forgive(this.#address);
    this.#proved = proved;
    this.#socket.send(proved.proof);
    this.#channel = proved.channel;
    if (proved.phone === null) return "name";
    this.#enter(proved.phone);
    return "open";
  }

  /** Lets a phone in that is paired. */
  #enter(phone: string): void {
    clearTimeout(this.#late);
    this.#phone = phone;
    if (!this.#context.admit(this)) {
      return this.#close(CLOSE_FULL, `${MAX_PHONES} pages are connected already; close one of them.`);
    }
    this.#stage = "open";
    this.showLink();
  }

  #open(data: Buffer): void {
    let frame: Uint8Array;
    try {
      if (this.#channel === undefined) throw new Error("There is no channel yet.");
      frame = this.#channel.open(data);
    } catch {
      return this.#close(CLOSE_REFUSED);
    }
    const isOpen = this.#stage === "open";
    if (frame[0] === FRAME_UPLOAD && isOpen) return this.#pass(frame.subarray(1), this.#chunkRate);
    if (!this.#count()) return;
    if (frame[0] === FRAME_BOX && isOpen) this.#pass(textOf(frame), this.#commandRate);
    else if (frame[0] === FRAME_WEB) this.#hear(textOf(frame));
    else this.#close(CLOSE_POLICY, "Nothing here takes that.");
  }

  #pass(message: string | Uint8Array, rate: RateLimit): void {
    const isTaken = this.#pipe?.send(message) ?? true;
    const waitMs = Math.max(rate.take(this.#context.nowMs()), isTaken ? 0 : 1000);
    if (waitMs === 0 || this.#throttle !== undefined) return;
    // What it sends stays in the kernel until then, so that it is slowed down and no memory grows here.
    this.#socket.pause();
    this.#throttle = setTimeout(() => {
      this.#throttle = undefined;
      this.#socket.resume();
    }, waitMs);
  }

  #hear(text: string): void {
    try {
      const message = parsePhoneMessage(text);
      if ("drawn" in message) return this.#pipe?.confirm(this.#undrawn.confirm(message.drawn));
      if (this.#stage !== "name") throw new CommandFailure("badMessage", "A name is wanted of new phones alone.");
      this.#stage = "busy";
      void this.#pair(message.name);
    } catch {
      this.#close(CLOSE_POLICY, "Nothing here takes that.");
    }
  }

  /** Has a new phone paired, tells it its key, and lets it in. */
  async #pair(name: string): Promise<void> {
    try {
      const link = this.#context.link();
      if (link === undefined) throw new LinkError(this.#context.linkMessage().sentence);
      const added = await link.command("addPhone", { name, secret: this.#proved?.secret ?? "" });
      this.#tell({ type: "paired", ...added });
      if (this.#isBusy()) this.#enter(added.phone);
    } catch (error) {
      this.#close(error instanceof LinkError ? CLOSE_NO_BOX : CLOSE_NOT_PAIRED, error instanceof Error ? error.message : "");
    }
  }

  /** Makes the line to the box, where there is none and the box is there. */
  #connect(): void {
    const link = this.#context.link();
    if (this.#stage !== "open" || this.#pipe !== undefined || link === undefined) return;
    const pipe = new PhonePipe({
      path: link.path, phone: this.#phone,
      onText: (message) => this.#send(bytesFrame(FRAME_BOX, message)),
      onMeters: (bytes) => {
        this.#undrawn.send(this.#context.nowMs());
        this.#send(bytesFrame(FRAME_METERS, bytes));
      },
      onEnd: (isForgotten) => {
        if (this.#pipe !== pipe) return;
        this.#pipe = undefined;
        if (!isForgotten) {
          this.#newLine = setTimeout(() => this.#connect(), NEW_LINE_MS);
          return;
        }
        this.#tell({ type: "forgotten" });
        this.#close(CLOSE_FORGOTTEN, "This phone is not paired any more.");
      },
    });
    this.#pipe = pipe;
  }

  #tell(message: WebMessage): void {
    this.#send(textFrame(FRAME_WEB, JSON.stringify(message)));
  }

  #send(frame: Uint8Array): void {
    if (this.#channel === undefined || this.#stage === "ended") return;
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) this.#socket.terminate();
    else this.#socket.send(this.#channel.seal(frame));
  }

  #close(code: number, reason = ""): void {
    this.#end();
    this.#socket.close(code, closeReason(reason));
  }

  #end(): void {
    this.#stage = "ended";
    clearTimeout(this.#late);
    clearTimeout(this.#throttle);
    clearTimeout(this.#newLine);
    this.#pipe?.close();
    this.#pipe = undefined;
  }
}

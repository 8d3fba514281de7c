import type { WebSocket } from "ws";
import { CommandFailure } from "../protocol/command-failure.js";
import { parseCommand, writeAnswer, writeRefusal, type CommandInput, type ReadCommand } from "../protocol/commands.js";
import type { CommandName, Commands } from "../protocol/messages.js";
import type { MeterSnapshot, MeterWishes } from "../protocol/meter-snapshot.js";
import { CLOSE_FORGOTTEN } from "../protocol/phone-frames.js";
import { mayPhone, type Phone } from "../protocol/phones.js";
import { writeMeters } from "../protocol/meter-wire.js";
import type { BoxCommands } from "./box-commands.js";
import { ClientUpload, type UploadStore } from "./client-upload.js";
import { RateLimit } from "./rate-limit.js";
import { CLOSE_POLICY } from "./web-socket-limits.js";

/** Commands of one client: a burst, and then so many a second; more are left in its own socket until then. */
const COMMAND_RATE = { perSecond: 100, burst: 200 };
/** Commands of one client that wait for their turn; more are left in its own socket. */
const MAX_WAITING = 16;
/** Snapshots that a client was sent and has not confirmed; while there are so many it gets no newer ones. */
const MAX_UNCONFIRMED = 3;
/** A client that has so much unread is ended: it will fetch the whole state when it comes again. */
const MAX_UNREAD_BYTES = 1_048_576;
/** Snapshots come at most this much earlier than their rate says, for timers are not exact. */
const EARLY_MS = 2;

/** The meters as one viewer sees them. */
export interface MeterView {
  /** The meters now, with the largest levels and reductions since the last call. */
  take(): MeterSnapshot;
  /** Ends the view. */
  close(): void;
}

/** The paired phones, as the connections need them. */
export interface PhoneDirectory {
  /** The phone of this id, as long as it is paired. */
  find(id: string): Phone | undefined;
  /** A connection of a phone has begun, or ended. */
  arrive(id: string): void;
  leave(id: string): void;
}

/** Who is at the other end: a program on the box by what it calls itself, or a phone by its id. */
export type Client = { readonly source: string } | { readonly phone: string };

/** What the connections need of their box. */
export interface ConnectionContext {
  readonly commands: BoxCommands;
  /** Opens a view of the meters for one client: at its own rate it misses no peak that a faster one sees. */
  readonly openMeters: (wishes: MeterWishes) => MeterView;
  readonly phones: PhoneDirectory;
  readonly uploads: UploadStore;
  /** Monotonic time in milliseconds. */
  readonly nowMs: () => number;
  /** Is told what a command threw that is no refusal. */
  readonly onError: (error: unknown) => void;
}

/** One client of the control socket: its commands in their order, its meters, its life. */
export class ControlConnection {
  readonly #socket: WebSocket;
  readonly #client: Client;
  readonly #context: ConnectionContext;
  readonly #rate: RateLimit;
  readonly #upload: ClientUpload;
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #throttle: NodeJS.Timeout | undefined;
  #unconfirmed = 0;
  #meters: MeterView | undefined;
  #wishes: MeterWishes = {};
  #meterRateHz = 0;
  #meterAtMs = 0;
  #seenAtMs: number;
  #page: { readonly port: number; readonly address: string | null } | null = null;

  constructor(socket: WebSocket, client: Client, context: ConnectionContext) {
    this.#socket = socket;
    this.#client = client;
    this.#context = context;
    this.#seenAtMs = context.nowMs();
    this.#rate = new RateLimit(COMMAND_RATE, this.#seenAtMs);
    this.#upload = new ClientUpload({
      store: context.uploads, phone: "phone" in client ? client.phone : null, nowMs: context.nowMs,
      tell: (message) => this.send(JSON.stringify(message)), failureOf: (error) => this.#failureOf(error),
    });
    socket.on("message", (data, isBinary) => this.#receive(data as Buffer, isBinary));
    socket.on("pong", (data) => this.#confirm(data));
    socket.on("close", () => {
      clearTimeout(this.#throttle);
      this.#meters?.close();
      this.#upload.end();
    });
    // The close that follows tells all that matters.
    socket.on("error", () => undefined);
  }

  /** Snapshots a second that it wants at most; 0 for none. */
  get meterRateHz(): number {
    return this.#meterRateHz;
  }

  /** Where this client serves the page: the port, and the address for others where there is a network; null when it serves none. */
  get page(): { readonly port: number; readonly address: string | null } | null {
    return this.#page;
  }

  /** Ends the connection when it is of a phone that is paired no longer. */
  checkPhone(): void {
    if ("phone" in this.#client && this.#phone() === undefined) this.#socket.close(CLOSE_FORGOTTEN, "This phone is not paired any more.");
  }

  /** Sends a message that must not be lost. A client that has read nothing for long is ended instead. */
  send(message: string): void {
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) this.#socket.terminate();
    else this.#socket.send(message);
  }

  /** Sends a snapshot if one is due; skips it while the client has not taken in those before. */
  sendMeters(): void {
    if (this.#meters === undefined) return;
    const nowMs = this.#context.nowMs();
    const isDue = nowMs - this.#meterAtMs >= 1000 / this.#meterRateHz - EARLY_MS;
    if (!isDue || this.#unconfirmed >= MAX_UNCONFIRMED) return;
    this.#meterAtMs = nowMs;
    this.#unconfirmed++;
    this.#socket.send(writeMeters(this.#meters.take()));
    // The pong comes when the client has read as far as this: its own proof that it keeps up.
    this.#socket.ping("m");
  }

  /** Asks for a sign of life, and ends a client that has given none for `silenceMs`. */
  checkLife(silenceMs: number): void {
    const nowMs = this.#context.nowMs();
    // What a client sends while it is held back is not seen.
    if (this.#socket.isPaused) this.#seenAtMs = nowMs;
    else if (nowMs - this.#seenAtMs > silenceMs) this.#socket.terminate();
    else this.#socket.ping();
    this.#upload.checkLife();
  }

  /** Says goodbye. */
  close(): void {
    this.#socket.close(1001, "The box stops.");
  }

  #confirm(data: Buffer): void {
    this.#seenAtMs = this.#context.nowMs();
    if (data.length > 0) this.#unconfirmed = Math.max(0, this.#unconfirmed - 1);
  }

  #receive(data: Buffer, isBinary: boolean): void {
    const nowMs = this.#context.nowMs();
    this.#seenAtMs = nowMs;
    if (isBinary) return this.#takeChunk(data);
    this.#waiting++;
    this.#turn = this.#turn.then(() => this.#answer(data.toString()));
    this.#holdBack(this.#rate.take(nowMs));
  }

  #takeChunk(data: Buffer): void {
    try {
      this.#upload.take(data);
    } catch (error) {
      this.#socket.close(CLOSE_POLICY, error instanceof Error ? error.message : "");
    }
  }

  /** Leaves what the client sends in the kernel while there is too much of it: it is slowed down, and no memory grows here. */
  #holdBack(waitMs: number): void {
    if (waitMs > 0 && this.#throttle === undefined) {
      this.#throttle = setTimeout(() => {
        this.#throttle = undefined;
        this.#resume();
      }, waitMs);
    }
    if (this.#throttle !== undefined || this.#waiting >= MAX_WAITING) this.#socket.pause();
  }

  #resume(): void {
    if (this.#throttle === undefined && this.#waiting < MAX_WAITING) this.#socket.resume();
  }

  async #answer(text: string): Promise<void> {
    this.send(await this.#answerTo(text));
    this.#waiting--;
    this.#resume();
  }

  async #answerTo(text: string): Promise<string> {
    const read = parseCommand(text);
    if ("failure" in read) return writeRefusal(read.id, read.failure);
    try {
      this.#requireRight(read);
      return writeAnswer(read.id, await this.#run(read));
    } catch (error) {
      return writeRefusal(read.id, this.#failureOf(error));
    }
  }

  async #run({ command, input }: ReadCommand): Promise<Commands[CommandName]["out"]> {
    if (command === "subscribeMeters") {
      this.#subscribe(input);
      return {};
    }
    if (command === "announcePage") {
      this.#page = { port: input.port, address: input.address ?? null };
      return {};
    }
    if (command === "startUpload") return await this.#upload.start(input);
    if (command === "finishUpload") return await this.#upload.finish(input.upload);
    if (command === "cancelUpload") {
      await this.#upload.cancel(input.upload);
      return {};
    }
    const run = this.#context.commands[command] as (input: unknown, source: string) => unknown;
    return await run(input, this.#source) as Commands[CommandName]["out"];
  }

  #phone(): Phone | undefined {
    return "phone" in this.#client ? this.#context.phones.find(this.#client.phone) : undefined;
  }

  get #source(): string {
    return "source" in this.#client ? this.#client.source : `phone:${this.#phone()?.name ?? ""}`;
  }

  /** Looked up at each command: a right that was taken away is gone at once. */
  #requireRight(read: ReadCommand): void {
    if ("source" in this.#client) return;
    const phone = this.#phone();
    if (phone !== undefined && mayPhone(phone, read)) return;
    const couldControl = mayPhone({ id: phone?.id ?? "", role: "control" }, read);
    const reason = couldControl ? "This phone may only look; change that on another phone, or pair it anew." : "No phone may do that; use the box itself.";
    throw new CommandFailure("notAllowed", reason);
  }

  /** The view is opened anew when other things are wished for: it must know what to gather. */
  #subscribe({ maxRateHz, ...wishes }: CommandInput<"subscribeMeters">): void {
    const isOther = wishes.spectrum !== this.#wishes.spectrum || wishes.goniometer !== this.#wishes.goniometer;
    this.#meterRateHz = maxRateHz;
    if (maxRateHz === 0 || isOther) {
      this.#meters?.close();
      this.#meters = undefined;
    }
    this.#wishes = wishes;
    if (maxRateHz > 0) this.#meters ??= this.#context.openMeters(wishes);
  }

  #failureOf(error: unknown): CommandFailure {
    if (error instanceof CommandFailure) return error;
    if (error instanceof RangeError) return new CommandFailure("badValue", error.message);
    this.#context.onError(error);
    return new CommandFailure("failed", error instanceof Error ? error.message : String(error));
  }
}

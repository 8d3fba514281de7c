import { createConnection } from "node:net";
import { WebSocket } from "ws";
import { applyChange } from "../protocol/apply-change.js";
import { MAX_BOX_MESSAGE_CHARACTERS, parseBoxMessage, type ReadBoxMessage } from "../protocol/box-messages.js";
import { CommandFailure } from "../protocol/command-failure.js";
import type { DiagnosisMessage } from "../protocol/diagnosis.js";
import type { LevelsMessage } from "../protocol/levels.js";
import type {
  ChangeMessage, CommandName, Commands, ComparisonMessage, ControlState, MetersMessage, NoticeMessage, PhonesMessage, PresetsMessage, ReferencesMessage,
  WelcomeMessage,
} from "../protocol/messages.js";
import { readMeters } from "../protocol/meter-wire.js";
import { PendingCommands } from "../protocol/pending-commands.js";
import { UploadSender, type UploadFile, type UploadProgress, type UploadSignal } from "../protocol/upload-sender.js";

/** What the box tells by itself. */
export type BoxEvent = ChangeMessage | MetersMessage | NoticeMessage | PhonesMessage | PresetsMessage | ReferencesMessage | ComparisonMessage
  | DiagnosisMessage | LevelsMessage;

/** The box is not there, is of another release, or went away; the message says so and what to do. */
export class LinkError extends Error {
  override readonly name = "LinkError";
}

/** The welcome must come within this time. */
const WELCOME_MS = 5000;
/** The box asks for a sign of life each 2.5 s; when it has not for so long, it hangs. */
const LONGEST_SILENCE_MS = 10_000;

export interface ControlLinkOptions {
  /** Path of the unix socket. */
  readonly path: string;
  /** What this client is called in the events that it causes: 1 to 16 small letters. */
  readonly source: string;
}

function unreachable(path: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT" || code === "ECONNREFUSED") return `No box is running: nothing answers at ${path}. Start it with npm start, or as a service.`;
  if (code === "EACCES") return `This user may not speak to the box at ${path}; join the group that owns it, or use sudo.`;
  return `The box at ${path} cannot be reached: ${message}.`;
}

/** One connection to a running box; made by `openControlLink`. */
export class ControlLink {
  /** Settles with the reason when the connection has ended, by whomever. */
  readonly closed: Promise<string>;
  readonly #socket: WebSocket;
  readonly #pending = new PendingCommands();
  readonly #listeners = new Set<(event: BoxEvent) => void>();
  readonly #uploads = new UploadSender({
    command: (name, input) => this.command(name, input),
    sendChunk: (chunk) => this.#socket.send(chunk),
  });
  #silence: NodeJS.Timeout;
  readonly #isWelcomed: Promise<WelcomeMessage>;
  #resolveWelcome: (welcome: WelcomeMessage) => void = () => undefined;
  #welcome: WelcomeMessage | undefined;
  #state: ControlState | undefined;
  #reason: string | undefined;

  /** Path of the control socket. */
  readonly path: string;

  /** Opens the socket; the link may be used when `ready` has resolved. */
  constructor({ path, source }: ControlLinkOptions) {
    this.path = path;
    this.#socket = new WebSocket(`ws://box/${source}`, {
      createConnection: () => createConnection(path), maxPayload: MAX_BOX_MESSAGE_CHARACTERS, perMessageDeflate: false, handshakeTimeout: WELCOME_MS,
    });
    this.#silence = setTimeout(() => this.#end(`The box at ${path} does not answer; restart it.`), WELCOME_MS);
    this.#isWelcomed = new Promise((resolve) => (this.#resolveWelcome = resolve));
    this.closed = new Promise((resolve) => this.#socket.on("close", () => {
      const reason = (this.#reason ??= "The box has ended, or closed the connection.");
      clearTimeout(this.#silence);
      this.#uploads.end(new LinkError(reason));
      this.#pending.giveUp(() => new LinkError(reason));
      resolve(reason);
    }));
    this.#socket.on("error", (error) => {
      if (this.#welcome === undefined) this.#reason ??= unreachable(path, error);
    });
    this.#socket.on("message", (data, isBinary) => this.#receive(data as Buffer, isBinary));
    this.#socket.on("ping", () => this.#silence.refresh());
  }

  /** Waits for the welcome of the box. @throws LinkError when there is no box, or one of another release */
  async ready(): Promise<this> {
    const reason = await Promise.race([this.closed, this.#isWelcomed.then(() => undefined)]);
    if (reason !== undefined) throw new LinkError(reason);
    return this;
  }

  /** What the box said first. */
  get welcome(): WelcomeMessage {
    if (this.#welcome === undefined) throw new Error("The link is not ready.");
    return this.#welcome;
  }

  /** What is adjusted now: the welcome's state and every change since. */
  get state(): ControlState {
    return this.#state ?? this.welcome.state;
  }

  /**
   * Gives a command and waits for its answer, in the order of the commands.
   * @throws CommandFailure when the box refuses it, LinkError when the connection ends first
   */
  command<Name extends CommandName>(name: Name, input: Commands[Name]["in"]): Promise<Commands[Name]["out"]> {
    if (this.#socket.readyState !== WebSocket.OPEN) return Promise.reject(new LinkError(this.#reason ?? "The box is not connected."));
    return this.#pending.give(name, input, (message) => this.#socket.send(message));
  }

  /**
   * Sends a file to the box as a reference track. Returns its id.
   * @throws CommandFailure when the box refuses it, LinkError when the connection ends first, Error when it is stopped
   */
  upload(file: UploadFile, onProgress: UploadProgress, signal?: UploadSignal): Promise<string> {
    return this.#uploads.send(file, onProgress, signal);
  }

  /** Hands over everything that the box tells by itself. Returns what ends that. */
  listen(listener: (event: BoxEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Ends the connection; may be called twice. */
  close(): void {
    this.#end("The connection was closed.");
  }

  #end(reason: string): void {
    this.#reason ??= reason;
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close();
    setTimeout(() => this.#socket.terminate(), 500).unref();
    clearTimeout(this.#silence);
  }

  #receive(data: Buffer, isBinary: boolean): void {
    try {
      if (isBinary) this.#tell({ type: "meters", snapshot: readMeters(data) });
      else this.#take(parseBoxMessage(data.toString()));
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      this.#end(error.message);
    }
  }

  #tell(event: BoxEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #take(message: ReadBoxMessage): void {
    switch (message.type) {
      case "welcome":
        this.#welcome = message;
        this.#state = message.state;
        this.#resolveWelcome(message);
        clearTimeout(this.#silence);
        this.#silence = setTimeout(() => this.#end("The box does not answer any more; restart it."), LONGEST_SILENCE_MS);
        return;
      case "answer":
        return this.#pending.settle(message);
      case "upload":
        return this.#uploads.receive(message);
      case "change":
        this.#state = applyChange(this.state, message);
        if (this.#state === undefined) return this.#end("The box and this client lost step; connect again.");
        break;
      case "diagnosis":
      case "notice":
      case "phones":
      case "presets":
      case "references":
      case "comparison":
      case "levels":
    }
    this.#tell(message);
  }
}

/** Connects to a running box. @throws LinkError when there is none, or one of another release */
export async function openControlLink(options: ControlLinkOptions): Promise<ControlLink> {
  return await new ControlLink(options).ready();
}

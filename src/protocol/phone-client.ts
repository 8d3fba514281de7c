import { applyChange } from "./apply-change.js";
import { parseBoxMessage, type ReadBoxMessage } from "./box-messages.js";
import type { DiagnosisMessage } from "./diagnosis.js";
import type { LevelsMessage } from "./levels.js";
import { HandshakeError, PhoneHandshake, type Credential, type RandomBytes } from "./handshake.js";
import type {
  ChangeMessage, CommandName, Commands, ComparisonMessage, ControlState, MetersMessage, NoticeMessage, PhonesMessage, PresetsMessage, ReferencesMessage,
  WelcomeMessage,
} from "./messages.js";
import { readMeters } from "./meter-wire.js";
import { PendingCommands } from "./pending-commands.js";
import {
  bytesFrame, FRAME_BOX, FRAME_METERS, FRAME_UPLOAD, FRAME_WEB, parseWebMessage, textFrame, textOf, type PhoneMessage, type WebMessage,
} from "./phone-frames.js";
import type { SealedChannel } from "./sealed-channel.js";
import { UploadSender, type UploadFile, type UploadProgress, type UploadSignal } from "./upload-sender.js";

/** What happens on a phone's connection. A welcome comes again whenever the box was started anew; `state` holds it then. */
export type PhoneEvent =
  | WebMessage | WelcomeMessage | ChangeMessage | MetersMessage | NoticeMessage | PhonesMessage | PresetsMessage | ReferencesMessage
  | ComparisonMessage | DiagnosisMessage | LevelsMessage;

export interface PhoneClientOptions {
  readonly credential: Credential;
  /** What the phone is called when it is paired now. */
  readonly name: string;
  readonly random: RandomBytes;
  readonly send: (frame: string | Uint8Array) => void;
  readonly onEvent: (event: PhoneEvent) => void;
  /** The connection must be closed: what came is not of the box, or changes were missed. */
  readonly onBroken: (reason: string) => void;
}

/**
 * A phone's end of one connection to the web process, without the socket: the page hands in what comes and sends what this
 * gives. `start` when the socket is open, `receive` each message, `end` when it has closed.
 */
export class PhoneClient {
  readonly #options: PhoneClientOptions;
  readonly #handshake: PhoneHandshake;
  readonly #pending = new PendingCommands();
  readonly #uploads: UploadSender;
  #channel: SealedChannel | undefined;
  #isProved = false;
  /** Whether the box has welcomed this phone, and has not gone away since. */
  #isWelcome = false;
  #state: ControlState | undefined;
  #meterFrames = 0;

  /** @throws HandshakeError when the credential holds no key */
  constructor(options: PhoneClientOptions) {
    this.#options = options;
    this.#handshake = new PhoneHandshake(options.credential, options.random);
    this.#uploads = new UploadSender({
      command: (name, input) => this.command(name, input),
      sendChunk: (chunk) => {
        if (this.#channel !== undefined) options.send(this.#channel.seal(bytesFrame(FRAME_UPLOAD, chunk)));
      },
    });
  }

  /** Whether the handshake is done. */
  get isSealed(): boolean {
    return this.#channel !== undefined;
  }

  /** What is adjusted now; undefined before the first welcome. */
  get state(): ControlState | undefined {
    return this.#state;
  }

  /** Begins the handshake. */
  start(): void {
    this.#options.send(this.#handshake.hello);
  }

  /** Takes a message of the socket: a text until the channel is sealed, bytes from then on. */
  receive(data: string | Uint8Array): void {
    try {
      if (typeof data === "string") this.#shakeHands(data);
      else this.#open(data);
    } catch (error) {
      this.#options.onBroken(error instanceof Error ? error.message : String(error));
    }
  }

  /** Gives a command. @throws CommandFailure when the box refuses it, Error when the connection ends first */
  command<Name extends CommandName>(name: Name, input: Commands[Name]["in"]): Promise<Commands[Name]["out"]> {
    const channel = this.#channel;
    if (channel === undefined || !this.#isWelcome) return Promise.reject(new Error("The box is not connected."));
    return this.#pending.give(name, input, (message) => this.#options.send(channel.seal(textFrame(FRAME_BOX, message))));
  }

  /**
   * Sends a file to the box as a reference track. Returns its id.
   * @throws CommandFailure when the box refuses it, Error when it is stopped or the connection ends first
   */
  upload(file: UploadFile, onProgress: UploadProgress, signal?: UploadSignal): Promise<string> {
    return this.#uploads.send(file, onProgress, signal);
  }

  /** Says that all meters that came are on the screen; without it there are three more at most. */
  drawn(): void {
    this.#tellWeb({ drawn: this.#meterFrames });
  }

  /** The socket has closed: no answer comes any more. */
  end(): void {
    this.#channel = undefined;
    this.#giveUp("The connection to the box ended.");
  }

  #shakeHands(message: string): void {
    if (this.#channel !== undefined) throw new HandshakeError();
    if (!this.#isProved) {
      this.#isProved = true;
      this.#options.send(this.#handshake.prove(message));
      return;
    }
    this.#channel = this.#handshake.finish(message);
    if (this.#options.credential.kind !== "paired") this.#tellWeb({ name: this.#options.name });
  }

  #tellWeb(message: PhoneMessage): void {
    const channel = this.#channel;
    if (channel !== undefined) this.#options.send(channel.seal(textFrame(FRAME_WEB, JSON.stringify(message))));
  }

  #open(data: Uint8Array): void {
    if (this.#channel === undefined) throw new HandshakeError();
    const frame = this.#channel.open(data);
    if (frame[0] === FRAME_METERS) {
      this.#meterFrames++;
      this.#options.onEvent({ type: "meters", snapshot: readMeters(frame.subarray(1)) });
    } else if (frame[0] === FRAME_WEB) {
      this.#takeWeb(textOf(frame));
    } else if (frame[0] === FRAME_BOX) {
      this.#take(parseBoxMessage(textOf(frame)));
    } else {
      throw new Error("The box sent something that this page does not know.");
    }
  }

  #takeWeb(text: string): void {
    const message = parseWebMessage(text);
    // What was asked of a box that went away is not answered.
    if (message.type === "link" && !message.isBoxThere) this.#giveUp(message.sentence);
    this.#options.onEvent(message);
  }

  #giveUp(reason: string): void {
    this.#isWelcome = false;
    this.#uploads.end(new Error(reason));
    this.#pending.giveUp(() => new Error(reason));
  }

  #take(message: ReadBoxMessage): void {
    if (message.type === "answer") {
      this.#pending.settle(message);
      return;
    }
    if (message.type === "upload") {
      this.#uploads.receive(message);
      return;
    }
    if (message.type === "welcome") {
      this.#giveUp("The box was started anew.");
      this.#isWelcome = true;
      this.#state = message.state;
    } else if (message.type === "change") {
      this.#state = this.#state && applyChange(this.#state, message);
      if (this.#state === undefined) throw new Error("A change was missed.");
    }
    this.#options.onEvent(message);
  }
}

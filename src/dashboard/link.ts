import type { ReadBoxMessage } from "../protocol/box-messages.js";
import { readResult } from "../protocol/box-messages.js";
import { CommandFailure } from "../protocol/command-failure.js";
import { writeCommand } from "../protocol/commands.js";
import type { CommandName, Commands } from "../protocol/messages.js";
import type { MeterSnapshot } from "../protocol/meter-snapshot.js";

/** Waits between tries to connect, in ms: the last one repeats. Short, so that the page is back 2 s after the network. */
const WAITS_MS = [100, 250, 500, 1000] as const;
/** A try that has not come through by then is given up for the next. */
const TRY_MS = 1500;
/** The box answers each status that is asked for; when nothing has come for so long, the way to it is dead. */
const SILENCE_MS = 2500;
const CHECK_MS = 250;
/** A command that is not answered by then is told to be lost. */
const ANSWER_MS = 5000;

/**
 * How the page stands to the box:
 * - connecting: the first try is under way
 * - live: messages flow
 * - noBox: the web process is there, the box is not
 * - lost: nothing can be reached; it is tried again and again
 * - unpaired: this phone has no key, or one that the box does not know
 * - full: as many phones look on as may
 */
export type Phase = "connecting" | "live" | "noBox" | "lost" | "unpaired" | "full";

/** What came over a channel. */
export type ChannelEvent =
  | { readonly type: "message"; readonly message: ReadBoxMessage }
  | { readonly type: "meters"; readonly frame: number; readonly snapshot: MeterSnapshot }
  /** From the web process: whether the box is there, why not, and which release of the page it serves. */
  | { readonly type: "link"; readonly isBoxThere: boolean; readonly sentence: string; readonly pageTag: string }
  | { readonly type: "closed"; readonly phase: "lost" | "unpaired" | "full"; readonly sentence: string };

/** One connection to the web process, ready to carry messages once a link event has come over it. */
export interface Channel {
  /** Sends a command. */
  send(text: string): void;
  /** Confirms that the meters of `frame` are on the screen. */
  confirm(frame: number): void;
  /** Ends it; no event follows. */
  close(): void;
}

/** Opens a channel and hands in what comes over it. */
export type OpenChannel = (onEvent: (event: ChannelEvent) => void) => Channel;

/** What the link tells about. */
export interface LinkListener {
  onPhase(phase: Phase, sentence: string): void;
  onMessage(message: ReadBoxMessage): void;
  onMeters(snapshot: MeterSnapshot): void;
  /** The web process serves another release of this page. */
  onNewPage(): void;
}

interface Waiting {
  readonly command: CommandName;
  readonly resolve: (result: never) => void;
  readonly reject: (failure: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** The page's way to the box: keeps one channel open, comes back by itself, carries commands and their answers. */
export class BoxLink {
  readonly #open: OpenChannel;
  readonly #listener: LinkListener;
  readonly #nowMs: () => number;
  readonly #waiting = new Map<number, Waiting>();
  #channel: Channel | undefined;
  #phase: Phase = "connecting";
  #sentence = "";
  #tries = 0;
  #heardMs = 0;
  #openedMs = 0;
  #nextId = 1;
  #pageTag: string | undefined;
  #undrawn: number | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #check: ReturnType<typeof setInterval> | undefined;

  /** @param nowMs - monotonic time */
  constructor(open: OpenChannel, listener: LinkListener, nowMs: () => number) {
    this.#open = open;
    this.#listener = listener;
    this.#nowMs = nowMs;
  }

  /** Begins to connect, and stays connected until `stop`. */
  start(): void {
    this.#check ??= setInterval(() => this.#watch(), CHECK_MS);
    this.retry();
  }

  /** Ends the connection. */
  stop(): void {
    clearInterval(this.#check);
    clearTimeout(this.#retry);
    this.#check = undefined;
    this.#drop();
  }

  /** Tries at once: the network is back, the page is seen again, or the phone has a key now. */
  retry(): void {
    if (this.#check === undefined || this.#phase === "live" || this.#phase === "noBox") return;
    this.#tries = 0;
    this.#connect();
  }

  /** Gives a command; fails with the refusal of the box, or when no answer comes. */
  command<Name extends CommandName>(command: Name, input: Commands[Name]["in"]): Promise<Commands[Name]["out"]> {
    const channel = this.#channel;
    if (channel === undefined || this.#phase !== "live") {
      return Promise.reject(new CommandFailure("notNow", "The box is not connected; nothing was changed."));
    }
    const id = this.#nextId++;
    return new Promise<Commands[Name]["out"]>((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id)?.reject(new CommandFailure("failed", "The box gave no answer.")), ANSWER_MS);
      this.#waiting.set(id, { command, resolve, reject, timer });
      channel.send(writeCommand(id, command, input));
    });
  }

  /** Tells that the newest meters are on the screen: the web process sends no more than a few ahead. */
  drawn(): void {
    if (this.#undrawn === undefined) return;
    this.#channel?.confirm(this.#undrawn);
    this.#undrawn = undefined;
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#drop();
    this.#openedMs = this.#nowMs();
    let isCurrent = true;
    const channel = this.#open((event) => {
      if (isCurrent) this.#take(event);
    });
    this.#channel = { send: (text) => channel.send(text), confirm: (frame) => channel.confirm(frame), close: () => {
      isCurrent = false;
      channel.close();
    } };
  }

  #drop(): void {
    this.#channel?.close();
    this.#channel = undefined;
    this.#undrawn = undefined;
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(new CommandFailure("notNow", "The connection broke; whether the box heard this is not known."));
  }

  #lose(phase: "lost" | "unpaired" | "full", sentence: string): void {
    this.#drop();
    this.#turn(phase, sentence);
    if (phase === "unpaired") return;
    const wait = WAITS_MS[Math.min(this.#tries++, WAITS_MS.length - 1)];
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  #watch(): void {
    const nowMs = this.#nowMs();
    if (this.#channel === undefined) return;
    if (this.#phase === "live" && nowMs - this.#heardMs > SILENCE_MS) this.#lose("lost", "The box is silent. Is this phone still in its Wi-Fi?");
    else if (this.#phase !== "live" && this.#phase !== "noBox" && nowMs - this.#openedMs > TRY_MS) {
      this.#lose("lost", "The box cannot be reached. Is this phone still in its Wi-Fi?");
    }
  }

  #turn(phase: Phase, sentence: string): void {
    if (phase === this.#phase && sentence === this.#sentence) return;
    this.#phase = phase;
    this.#sentence = sentence;
    this.#listener.onPhase(phase, sentence);
  }

  #take(event: ChannelEvent): void {
    this.#heardMs = this.#nowMs();
    switch (event.type) {
      case "link":
        return this.#met(event);
      case "message":
        return event.message.type === "answer" ? this.#answered(event.message) : this.#told(event.message);
      case "meters":
        this.#undrawn = event.frame;
        return this.#listener.onMeters(event.snapshot);
      case "closed":
        return this.#lose(event.phase, event.sentence);
    }
  }

  #met({ isBoxThere, sentence, pageTag }: Extract<ChannelEvent, { type: "link" }>): void {
    this.#tries = 0;
    if (this.#pageTag !== undefined && this.#pageTag !== pageTag) this.#listener.onNewPage();
    this.#pageTag = pageTag;
    if (!isBoxThere) this.#turn("noBox", sentence);
  }

  #told(message: Exclude<ReadBoxMessage, { type: "answer" }>): void {
    // The state comes first, so that whoever hears of the phase finds it.
    this.#listener.onMessage(message);
    if (message.type === "welcome") this.#turn("live", "");
  }

  #answered(answer: Extract<ReadBoxMessage, { type: "answer" }>): void {
    if (answer.id === null) return;
    const waiting = this.#settle(answer.id);
    if (waiting === undefined) return;
    if (!answer.ok) return waiting.reject(new CommandFailure(answer.error.code, answer.error.sentence, answer.error.parameter));
    try {
      waiting.resolve(readResult(waiting.command, answer.result) as never);
    } catch (failure) {
      waiting.reject(failure as Error);
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}

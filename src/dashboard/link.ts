import { CommandFailure } from "../protocol/command-failure.js";
import type { Credential } from "../protocol/handshake.js";
import type { CommandName, Commands } from "../protocol/messages.js";
import type { MeterSnapshot } from "../protocol/meter-snapshot.js";
import type { PhoneEvent } from "../protocol/phone-client.js";
import { readCode } from "../protocol/pairing-key.js";
import type { Channel, ChannelEvent, Ending, OpenChannel } from "./channel.js";
import type { Keys } from "./keys.js";
import type { SendFile } from "./uploads.js";

/** Waits between tries to connect, in ms: the last one repeats. Short, so that the page is back 2 s after the network. */
const WAITS_MS = [50, 200, 400] as const;
/** Wait where trying often helps nobody: as many phones as may are there, or too many tries were made. */
const LONG_WAIT_MS = 3000;
/** Wait of a page whose place another page of this phone took: two that are seen at once do not take turns. A touch ends it. */
const ELSEWHERE_WAIT_MS = 60_000;
/** Waits of a phone that is told it is unknown. The last is long: a box that means it takes ten wrong proofs a minute, and pairing needs some. */
const KNOCKS_MS = [500, 1000, 2000, 20_000] as const;
/** A try that has not come through by then is given up for the next. */
const TRY_MS = 1200;
/** A pairing uses up what the box offered: it gets the time that a slow phone needs. */
const PAIRING_MS = 5000;
/** The box answers each status that is asked for, the web process gives a sign each 2 s: what is silent for longer is dead. */
const SILENCE_MS = 2000;
const SILENCE_WITHOUT_BOX_MS = 4500;
const CHECK_MS = 200;
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
 * - elsewhere: another page of this phone took the place of this one
 */
export type Phase = "connecting" | "live" | "noBox" | "lost" | "unpaired" | "full" | "elsewhere";

/** What the box tells, beside the meters. */
export type BoxEvent = Exclude<PhoneEvent, { readonly type: "link" | "paired" | "forgotten" | "meters" }>;

/** Whom the link tells. */
export interface LinkListener {
  onPhase(phase: Phase, sentence: string): void;
  onEvent(event: BoxEvent): void;
  onMeters(snapshot: MeterSnapshot): void;
  /** The web process serves another release of this page, or speaks another version of the protocol. */
  onNewPage(): void;
}

export interface BoxLinkOptions {
  readonly open: OpenChannel;
  readonly keys: Keys;
  readonly listener: LinkListener;
  /** Monotonic time. */
  readonly nowMs: () => number;
  /** What this phone calls itself when it is paired by an address. */
  readonly name: string;
}

/** A key that is refused once may have come too late for the box; one that is refused again is none. */
const PATIENCE = 1;
const NOT_CONNECTED = "The box is not connected; nothing was changed.";
const LATE = "The box did not let this phone in; it is tried again.";
const UNKNOWN = "The box does not know this phone. Pair it.";

/** The page's way to the box: keeps one channel open, comes back by itself, pairs, and carries commands. */
export class BoxLink {
  readonly #options: BoxLinkOptions;
  #channel: Channel | undefined;
  #phase: Phase = "connecting";
  #sentence = "";
  #tries = 0;
  #refusals = 0;
  #knocks = 0;
  #heardMs = 0;
  #openedMs = 0;
  #tryMs = TRY_MS;
  #pageTag: string | undefined;
  #isUndrawn = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #check: ReturnType<typeof setInterval> | undefined;
  /** Takes the outcome of a pairing by code, while one is under way. */
  #pairing: ((problem: string) => void) | undefined;

  constructor(options: BoxLinkOptions) {
    this.#options = options;
  }

  /** Begins to connect, and stays connected until `stop`. */
  start(): void {
    if (this.#check !== undefined) return this.retry();
    this.#check = setInterval(() => this.#watch(), CHECK_MS);
    this.#connect();
  }

  /** Ends the connection until the next `start`: nobody looks. */
  stop(): void {
    clearInterval(this.#check);
    clearTimeout(this.#retry);
    this.#check = undefined;
    this.#drop();
    if (this.#phase !== "unpaired") this.#turn("connecting", "");
  }

  /** Tries at once: the network is back, or the page is seen again. */
  retry(): void {
    if (this.#check === undefined || this.#phase === "live" || this.#phase === "unpaired") return;
    this.#tries = 0;
    this.#connect();
  }

  /** Somebody touched the page: one whose place was taken takes it back. */
  touch(): void {
    if (this.#phase === "elsewhere") this.retry();
  }

  /** Pairs this phone by the code that the box shows. Answers why that failed; "" when the phone is paired and connected. */
  pair(code: string, name: string): Promise<string> {
    const digits = readCode(code);
    if (digits === undefined) return Promise.resolve("The code has eight digits.");
    this.#pairing?.("Another code was typed.");
    return new Promise((resolve) => {
      this.#pairing = resolve;
      this.#open({ kind: "code", code: digits }, name);
    });
  }

  /** Gives a command; fails with the refusal of the box, or when no answer comes. */
  async command<Name extends CommandName>(command: Name, input: Commands[Name]["in"]): Promise<Commands[Name]["out"]> {
    const channel = this.#channel;
    if (channel === undefined || this.#phase !== "live") throw new CommandFailure("notNow", NOT_CONNECTED);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new CommandFailure("failed", "The box gave no answer.")), ANSWER_MS);
    });
    try {
      return await Promise.race([channel.command(command, input), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a file as a reference track; fails with the refusal of the box, or when the connection ends first. */
  readonly upload: SendFile = (file, onProgress, signal) => {
    const channel = this.#channel;
    if (channel === undefined || this.#phase !== "live") return Promise.reject(new CommandFailure("notNow", NOT_CONNECTED));
    return channel.upload(file, onProgress, signal);
  };

  /** Tells that the newest meters are on the screen: no more than a few come ahead. */
  drawn(): void {
    if (this.#isUndrawn) this.#channel?.drawn();
    this.#isUndrawn = false;
  }

  #connect(): void {
    const { credential } = this.#options.keys;
    if (credential === null) return this.#turn("unpaired", "");
    this.#open(credential, this.#options.name);
  }

  #open(credential: Credential, name: string): void {
    clearTimeout(this.#retry);
    this.#drop();
    this.#openedMs = this.#options.nowMs();
    this.#tryMs = credential.kind === "paired" ? TRY_MS : PAIRING_MS;
    let isCurrent = true;
    const channel = this.#options.open(credential, name, (event) => {
      if (isCurrent) this.#take(event);
    });
    this.#channel = {
      command: (command, input) => channel.command(command, input),
      upload: (file, onProgress, signal) => channel.upload(file, onProgress, signal),
      drawn: () => channel.drawn(),
      close: () => {
        isCurrent = false;
        channel.close();
      },
    };
  }

  #drop(): void {
    this.#channel?.close();
    this.#channel = undefined;
    this.#isUndrawn = false;
  }

  #watch(): void {
    const nowMs = this.#options.nowMs();
    if (this.#channel === undefined) return;
    const isOpen = this.#heardMs >= this.#openedMs && this.#heardMs > 0;
    const limitMs = !isOpen ? this.#tryMs : this.#phase === "live" ? SILENCE_MS : SILENCE_WITHOUT_BOX_MS;
    if (nowMs - Math.max(this.#openedMs, isOpen ? this.#heardMs : 0) <= limitMs) return;
    this.#lose("lost", "The box is silent. Is this phone still in its Wi-Fi?");
  }

  #turn(phase: Phase, sentence: string): void {
    if (phase === this.#phase && sentence === this.#sentence) return;
    this.#phase = phase;
    this.#sentence = sentence;
    this.#options.listener.onPhase(phase, sentence);
  }

  #take(event: ChannelEvent): void {
    this.#heardMs = this.#options.nowMs();
    switch (event.type) {
      case "closed":
        return this.#lose(event.ending, event.sentence);
      case "paired":
        this.#options.keys.keep(event.phone, event.key);
        this.#pairing?.("");
        this.#pairing = undefined;
        return;
      case "forgotten":
        this.#drop();
        this.#options.keys.forget();
        return this.#turn("unpaired", UNKNOWN);
      case "link":
        return this.#met(event);
      case "meters":
        this.#isUndrawn = true;
        return this.#options.listener.onMeters(event.snapshot);
      default:
        // The state comes first, so that whoever hears of the phase finds it.
        this.#options.listener.onEvent(event);
        if (event.type !== "welcome") return;
        this.#turn("live", "");
        // Who may only look and opens the address of an offer wants what is offered.
        if (event.phone?.role === "view" && this.#options.keys.turnToUrl()) this.#connect();
    }
  }

  #met({ isBoxThere, sentence, pageTag }: Extract<PhoneEvent, { type: "link" }>): void {
    this.#tries = 0;
    this.#refusals = 0;
    this.#knocks = 0;
    if (this.#pageTag !== undefined && this.#pageTag !== pageTag) this.#options.listener.onNewPage();
    this.#pageTag = pageTag;
    if (!isBoxThere) this.#turn("noBox", sentence);
  }

  #lose(ending: Ending, sentence: string): void {
    this.#drop();
    const { keys } = this.#options;
    if (ending === "otherVersion") this.#options.listener.onNewPage();
    if (this.#pairing !== undefined) return this.#failPairing(ending, sentence);
    if (ending === "refused" && this.#refusals++ < PATIENCE) return this.#again("lost", LATE);
    if (ending === "refused" && !keys.refuse()) return this.#offerPairing(sentence === "" ? UNKNOWN : sentence);
    if (this.#phase === "unpaired") return this.#offerPairing(this.#sentence);
    if (ending === "elsewhere") return this.#again("elsewhere", sentence, ELSEWHERE_WAIT_MS);
    const isSeldom = ending === "full" || ending === "tooManyTries" || ending === "otherVersion";
    this.#again(ending === "full" || ending === "noBox" ? ending : "lost", sentence, isSeldom ? LONG_WAIT_MS : undefined);
  }

  /** Says why it is not live, and tries again after `waitMs`, or soon. */
  #again(phase: Phase, sentence: string, waitMs?: number): void {
    this.#turn(phase, sentence);
    waitMs ??= WAITS_MS[Math.min(this.#tries++, WAITS_MS.length - 1)];
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), waitMs);
  }

  /** Asks people to pair this phone, and knocks on with the key that it has: whoever closed the line may have been a stranger. */
  #offerPairing(sentence: string): void {
    this.#turn("unpaired", sentence);
    clearTimeout(this.#retry);
    if (this.#options.keys.credential === null) return;
    const waitMs = KNOCKS_MS[Math.min(this.#knocks++, KNOCKS_MS.length - 1)];
    this.#retry = setTimeout(() => this.#connect(), waitMs);
  }

  #failPairing(ending: Ending, sentence: string): void {
    const plain = ending === "refused" ? "The box does not take this code. Is it still shown?" : "The box cannot be reached.";
    this.#pairing?.(sentence === "" ? plain : sentence);
    this.#pairing = undefined;
    this.#offerPairing("");
  }
}

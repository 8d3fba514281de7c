import { computed, signal, type Signal } from "@preact/signals";
import { PARAMETERS } from "../params/table.js";
import { CommandFailure } from "../protocol/command-failure.js";
import type { Finding } from "../protocol/diagnosis.js";
import type { LevelsState } from "../protocol/levels.js";
import type {
  BoxStatus, ChangeMessage, CommandName, Commands, Comparison, ControlState, PresetEntry, Reference, Song, TargetEntry, Values,
} from "../protocol/messages.js";
import type { MeterSnapshot } from "../protocol/meter-snapshot.js";
import type { Phone } from "../protocol/phones.js";
import { Clips } from "./clips.js";
import { Feed } from "./feed.js";
import { History } from "./history.js";
import type { BoxEvent, LinkListener, Phase } from "./link.js";
import { PageNotices, type Notice } from "./notices.js";
import type { Reload } from "./reload.js";
import { plainly } from "./text.js";
import { Wishes } from "./wishes.js";

/** Snapshots a second: bars move between them at the rate of the display. */
const METER_RATE_HZ = 30;
/** How often the state of the box is asked for; its answers also show that the way to it is alive. */
const STATUS_MS = 1000;

/** A box that is silent for so long is asked how it is; one that is silent for longer does not answer. */
const SILENT_MS = 500;
const HUNG_MS = 1000;

/** What the state holds beside the values. */
export type Adjusted = Omit<ControlState, "values">;

/** Gives a command to the box. */
export type Command = <Name extends CommandName>(command: Name, input: Commands[Name]["in"]) => Promise<Commands[Name]["out"]>;

/** What the page knows of the box, as signals; and what it can ask of it. */
export class Box implements LinkListener {
  readonly phase = signal<Phase>("connecting");
  readonly trouble = signal("");
  readonly adjusted = signal<Adjusted | null>(null);
  readonly version = signal("");
  readonly status = signal<BoxStatus | null>(null);
  readonly presets = signal<readonly PresetEntry[]>([]);
  readonly targets = signal<readonly TargetEntry[]>([]);
  readonly songs = signal<readonly Song[]>([]);
  readonly references = signal<readonly Reference[]>([]);
  /** How mix and reference are compared. */
  readonly comparison = signal<Comparison | null>(null);
  /** What is being done about the loudness. */
  readonly levels = signal<LevelsState | null>(null);
  /** What is wrong with the sound, the worst first; null until the box has said. */
  readonly findings = signal<readonly Finding[] | null>(null);
  readonly phones = signal<readonly Phone[]>([]);
  /** This phone, as the box knows it. */
  readonly me = signal<Phone | null>(null);
  readonly notices = new PageNotices(() => Date.now());
  /** Counts up with each welcome: what was asked for before must be asked for anew. */
  readonly visits = signal(0);
  readonly feed = new Feed();
  readonly history = new History();
  readonly clips = new Clips();
  readonly wishes: Wishes;
  readonly target = computed(() => this.targets.value.find(({ id }) => id === this.adjusted.value?.target) ?? null);
  /** The connection stands, yet the box has said nothing for a while. */
  readonly isHung = signal(false);
  /** Whether this phone may adjust anything now. */
  readonly mayControl = computed(() => this.phase.value === "live" && !this.isHung.value && this.me.value?.role !== "view");
  readonly #values: ReadonlyMap<string, Signal<number>> = new Map(PARAMETERS.map((row) => [row.id, signal(row.default)]));
  #command: Command = () => Promise.reject(new CommandFailure("notNow", "The box is not connected."));
  #reload: Reload | undefined;
  #heardMs = 0;
  #isAsking = false;
  #shownSpectrum = 0;
  #shownGoniometer = 0;

  constructor() {
    this.wishes = new Wishes((values) => this.#command("set", { values }), (failure) => this.#complain(failure));
  }

  /** Hands in the way to the box, and how to load the page anew. */
  connect(command: Command, reload: Reload): void {
    this.#command = command;
    this.#reload = reload;
    setInterval(() => void this.#askStatus(), STATUS_MS);
  }

  /** Ids of all parameters. */
  get ids(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** The value of a parameter as the box said it last. */
  value(id: string): Signal<number> {
    const value = this.#values.get(id);
    if (value === undefined) throw new Error(`There is no parameter "${id}".`);
    return value;
  }

  /** Wishes for values; what holds is what the box answers. */
  want(values: Values): void {
    if (Object.keys(values).length === 0) return;
    if (this.allows()) this.wishes.want(values);
  }

  /** Whether this phone may adjust anything now; says why not. */
  allows(): boolean {
    const isAllowed = this.mayControl.peek();
    if (!isAllowed) this.tell("warning", this.#refusal());
    return isAllowed;
  }

  /** Looks at the time: call several times a second. */
  watch(nowMs: number): void {
    this.feed.watch(nowMs);
    const silentMs = nowMs - this.#heardMs;
    this.isHung.value = this.phase.peek() === "live" && silentMs > HUNG_MS;
    if (silentMs > SILENT_MS) void this.#askStatus();
  }

  /** Asks for what the page can do without: the answer is undefined when the box has none. */
  async askQuietly<Name extends CommandName>(command: Name, input: Commands[Name]["in"]): Promise<Commands[Name]["out"] | undefined> {
    try {
      return await this.#command(command, input);
    } catch {
      return undefined;
    }
  }

  /** Gives a command; what it fails with is told as a notice, and the answer is undefined then. */
  async ask<Name extends CommandName>(command: Name, input: Commands[Name]["in"]): Promise<Commands[Name]["out"] | undefined> {
    try {
      return await this.#command(command, input);
    } catch (failure) {
      this.#complain(failure as Error);
      return undefined;
    }
  }

  /** Asks for the spectrum or the goniometer while something shows it; call the answer when it is shown no more. */
  show(what: "spectrum" | "goniometer"): () => void {
    const count = (by: number): void => {
      if (what === "spectrum") this.#shownSpectrum += by;
      else this.#shownGoniometer += by;
      this.#subscribe();
    };
    count(1);
    return () => count(-1);
  }

  /** Shows a sentence for a while. */
  tell(level: Notice["level"], sentence: string): void {
    this.notices.tell(level, sentence);
  }

  onPhase(phase: Phase, sentence: string): void {
    this.phase.value = phase;
    this.trouble.value = sentence;
    if (phase === "live") {
      this.#hear();
      this.#reload?.done();
      return this.#arrive();
    }
    this.isHung.value = false;
    this.wishes.clear();
    this.status.value = null;
  }

  onEvent(message: BoxEvent): void {
    this.#hear();
    switch (message.type) {
      case "welcome": {
        const { values, ...adjusted } = message.state;
        this.version.value = message.version;
        this.me.value = message.phone;
        this.#hold(values);
        this.adjusted.value = adjusted;
        this.references.value = message.references;
        this.comparison.value = message.comparison;
        return;
      }
      case "change":
        return this.#change(message);
      case "notice":
        return this.notices.hear(message);
      case "phones":
        this.phones.value = message.phones;
        this.me.value = message.phones.find(({ id }) => id === this.me.peek()?.id) ?? this.me.peek();
        return;
      case "presets":
        this.presets.value = message.presets;
        return;
      case "references":
        this.references.value = message.references;
        return;
      case "comparison":
        this.comparison.value = message.comparison;
        return;
      case "levels":
        this.levels.value = message.levels;
        return;
      case "diagnosis":
        this.findings.value = message.findings;
    }
  }

  onMeters(snapshot: MeterSnapshot): void {
    this.#hear();
    this.feed.take(snapshot, this.#heardMs);
    this.history.take(snapshot);
    this.clips.take(snapshot, this.value("limiter.ceilingDbtp").peek(), Date.now());
  }

  onNewPage(): void {
    this.#reload?.now();
  }

  #change({ sequence, state: { values, ...adjusted } }: ChangeMessage): void {
    const before = this.adjusted.peek();
    if (before === null) return;
    this.#hold(values ?? {});
    this.adjusted.value = { ...before, ...adjusted, sequence };
  }

  #hold(values: Values): void {
    for (const [id, value] of Object.entries(values)) {
      const held = this.#values.get(id);
      if (held !== undefined) held.value = value;
    }
  }

  #arrive(): void {
    this.#subscribe();
    this.visits.value++;
    void this.#askStatus();
    void this.askQuietly("listTargets", {}).then((answer) => answer && (this.targets.value = answer.targets));
    void this.askQuietly("listPresets", {}).then((answer) => answer && (this.presets.value = answer.presets));
    void this.askQuietly("levels", {}).then((answer) => answer && (this.levels.value = answer));
    void this.askQuietly("diagnosis", {}).then((answer) => answer && (this.findings.value = answer.findings));
    void this.askQuietly("listPhones", {}).then((answer) => answer && (this.phones.value = answer.phones));
  }

  #subscribe(): void {
    if (this.phase.peek() !== "live") return;
    void this.askQuietly("subscribeMeters", {
      maxRateHz: METER_RATE_HZ, spectrum: this.#shownSpectrum > 0, goniometer: this.#shownGoniometer > 0,
    });
  }

  async #askStatus(): Promise<void> {
    if (this.phase.peek() !== "live" || this.#isAsking) return;
    this.#isAsking = true;
    const status = await this.askQuietly("status", {});
    this.#isAsking = false;
    if (status === undefined) return;
    this.#hear();
    this.status.value = status;
  }

  #hear(): void {
    this.#heardMs = performance.now();
    this.isHung.value = false;
  }

  /** Why this phone may adjust nothing. */
  #refusal(): string {
    if (this.phase.peek() !== "live") return "The box is not connected; nothing was changed.";
    return this.isHung.peek() ? "The box does not answer; nothing was changed." : "This phone may only look.";
  }

  #complain(failure: Error): void {
    if (this.phase.peek() === "live") this.tell("error", plainly(failure.message));
  }
}

/** The box that this page shows. */
export const box = new Box();

import type { NoticeMessage } from "../protocol/messages.js";

export type NoticeLevel = NoticeMessage["level"];

/** Shortest time between two lines of one subject. */
const QUIET_MS = 1000;
/** Kinds that are remembered, so that no storm of new kinds can fill the memory. */
const MAX_KINDS = 100;
/** Lines of the log that are kept for people to hand on. */
const MAX_LINES = 200;

export interface NoticesOptions {
  /** Takes the lines of the log. */
  readonly log: (line: string) => void;
  /** Monotonic time in milliseconds. */
  readonly nowMs: () => number;
  /** Calls `run` once, after so many milliseconds; by default it does not keep the process alive. */
  readonly later?: (ms: number, run: () => void) => void;
}

/** What is to be told of a kind: its last sentence, and how often there was one since it was told. */
interface Waiting {
  readonly level: NoticeLevel;
  readonly sentence: string;
  readonly times: number;
  /** Of what lasts: true while it stands, false when it is over. */
  readonly stands?: boolean;
}

/** Kinds that share their lines: one a second. */
interface Subject {
  toldMs: number;
  isDue: boolean;
  readonly waiting: Map<string, Waiting>;
}

/**
 * What people should know, told to the log and to all listeners: at most once a second a subject, whatever the storm. What
 * comes in between waits its turn, kind by kind, and of each kind the last is told. A standing notice is listed at once,
 * until it is settled; one that was settled before its turn came is not told at all.
 */
export class Notices {
  readonly #options: NoticesOptions;
  readonly #listeners = new Set<(notice: NoticeMessage) => void>();
  readonly #standing = new Map<string, Pick<Waiting, "level" | "sentence">>();
  /** Sentences of what lasts, as people were told last. */
  readonly #believed = new Map<string, string>();
  readonly #subjects = new Map<string, Subject>();
  readonly #lines: string[] = [];

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  /** Sentences that stand at present, the oldest first. */
  get standing(): readonly string[] {
    return [...this.#standing.values()].map(({ sentence }) => sentence);
  }

  /** The same for a place that has room for one: errors before warnings, of equals the latest first. */
  get gravestFirst(): readonly string[] {
    const all = [...this.#standing.values()].reverse();
    return [...all.filter(({ level }) => level === "error"), ...all.filter(({ level }) => level !== "error")].map(({ sentence }) => sentence);
  }

  /** The last lines of the log, each with the seconds since the start of the process. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Writes a line of the log that no listener is told. */
  note(line: string): void {
    this.#lines.push(`${(this.#options.nowMs() / 1000).toFixed(1)} s  ${line}`);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
    this.#options.log(line);
  }

  /** Hands every notice to `listener` from now on; the answer ends that. */
  listen(listener: (notice: NoticeMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Tells something that is over already.
   * @param kind - groups what repeats, such as "overrun"
   * @param subject - groups the kinds that share their lines, such as "sound"; the kind alone by default
   */
  tell(kind: string, level: NoticeLevel, sentence: string, subject = kind): void {
    const { waiting } = this.#subject(subject);
    if (!waiting.has(kind) && waiting.size >= MAX_KINDS) return;
    waiting.set(kind, { level, sentence, times: 1 + (waiting.get(kind)?.times ?? 0) });
    this.#attend(subject);
  }

  /** Tells something that lasts, and lists it until `settle`; a kind that stands with the same sentence is not told again. */
  stand(kind: string, level: NoticeLevel, sentence: string, subject = kind): void {
    if (this.#standing.get(kind)?.sentence === sentence) return;
    if (this.#standing.size >= MAX_KINDS && !this.#standing.has(kind)) return;
    this.#standing.set(kind, { level, sentence });
    if (this.#believed.get(kind) === sentence) this.#subject(subject).waiting.delete(kind);
    else this.#replace(kind, { level, sentence, times: 1, stands: true }, subject);
  }

  /** Takes a standing notice from the list; tells `sentence`, where given, if people were told that it stood. */
  settle(kind: string, sentence?: string, subject = kind): void {
    if (!this.#standing.delete(kind)) return;
    this.#subject(subject).waiting.delete(kind);
    if (sentence === undefined) this.#believed.delete(kind);
    else if (this.#believed.has(kind)) this.#replace(kind, { level: "info", sentence, times: 1, stands: false }, subject);
  }

  /** Lets the last word of a lasting kind be told alone. */
  #replace(kind: string, last: Waiting, subject: string): void {
    this.#subject(subject).waiting.set(kind, last);
    this.#attend(subject);
  }

  #subject(name: string): Subject {
    const known = this.#subjects.get(name);
    if (known) return known;
    const idle = [...this.#subjects].find(([, { isDue }]) => !isDue);
    if (this.#subjects.size >= MAX_KINDS && idle) this.#subjects.delete(idle[0]);
    const made: Subject = { toldMs: -Infinity, isDue: false, waiting: new Map() };
    this.#subjects.set(name, made);
    return made;
  }

  /** Tells what has waited longest, now or when a line of its subject is due. */
  #attend(name: string): void {
    const subject = this.#subject(name);
    const [first] = subject.waiting;
    if (subject.isDue || first === undefined) return;
    const leftMs = subject.toldMs + QUIET_MS - this.#options.nowMs();
    if (leftMs <= 0) {
      subject.waiting.delete(first[0]);
      subject.toldMs = this.#options.nowMs();
      this.#say(name, ...first);
    }
    if (subject.waiting.size === 0) return;
    subject.isDue = true;
    (this.#options.later ?? laterUnwatched)(Math.max(1, subject.toldMs + QUIET_MS - this.#options.nowMs()), () => {
      subject.isDue = false;
      this.#attend(name);
    });
  }

  #say(subject: string, kind: string, { level, sentence, times, stands }: Waiting): void {
    if (stands === true) this.#believed.set(kind, sentence);
    else if (stands === false) this.#believed.delete(kind);
    const whole = times > 1 ? `${sentence} (${times - 1} more since the last notice of this kind.)` : sentence;
    this.note(level === "info" ? whole : `${level}: ${whole}`);
    for (const listener of this.#listeners) listener({ type: "notice", level, subject, sentence, times });
  }
}

function laterUnwatched(ms: number, run: () => void): void {
  setTimeout(run, ms).unref();
}

import type { NoticeMessage } from "../protocol/messages.js";

export type NoticeLevel = NoticeMessage["level"];

/** Shortest time between two lines of one kind. */
const QUIET_MS = 1000;
/** Kinds that are remembered, so that no storm of new kinds can fill the memory. */
const MAX_KINDS = 100;

export interface NoticesOptions {
  /** Takes the lines of the log. */
  readonly log: (line: string) => void;
  /** Monotonic time in milliseconds. */
  readonly nowMs: () => number;
}

/**
 * What people should know: each notice is told once, to the log and to all listeners, at most once a second a kind (what
 * came in between is counted in the next line). A standing notice is listed until it is settled.
 */
export class Notices {
  readonly #options: NoticesOptions;
  readonly #listeners = new Set<(notice: NoticeMessage) => void>();
  readonly #standing = new Map<string, string>();
  readonly #told = new Map<string, { atMs: number; held: number }>();

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  /** Sentences that stand at present, the oldest first. */
  get standing(): readonly string[] {
    return [...this.#standing.values()];
  }

  /** Hands every notice to `listener` from now on; the answer ends that. */
  listen(listener: (notice: NoticeMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells something that is over already. `kind` groups what repeats, such as "overrun". */
  tell(kind: string, level: NoticeLevel, sentence: string): void {
    const now = this.#options.nowMs();
    const last = this.#told.get(kind);
    if (last !== undefined && now - last.atMs < QUIET_MS) {
      last.held++;
      return;
    }
    const held = last?.held ?? 0;
    this.#told.delete(kind);
    this.#told.set(kind, { atMs: now, held: 0 });
    if (this.#told.size > MAX_KINDS) this.#told.delete(this.#told.keys().next().value ?? "");
    const whole = held > 0 ? `${sentence} (${held} more since the last notice of this kind.)` : sentence;
    this.#options.log(level === "info" ? whole : `${level}: ${whole}`);
    for (const listener of this.#listeners) listener({ type: "notice", level, sentence: whole });
  }

  /** Tells something that lasts, and lists it until `settle`; a kind that stands with the same sentence is not told again. */
  stand(kind: string, level: NoticeLevel, sentence: string): void {
    if (this.#standing.get(kind) === sentence) return;
    if (this.#standing.size >= MAX_KINDS && !this.#standing.has(kind)) return;
    this.#standing.set(kind, sentence);
    this.tell(kind, level, sentence);
  }

  /** Takes a standing notice from the list; tells `sentence`, where given, if it stood. */
  settle(kind: string, sentence?: string): void {
    if (this.#standing.delete(kind) && sentence !== undefined) this.tell(`${kind} settled`, "info", sentence);
  }
}

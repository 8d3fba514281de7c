import { signal } from "@preact/signals";
import type { NoticeMessage } from "../protocol/messages.js";

/** How long a sentence is shown: what went wrong can be read twice. */
const SHOWN_MS = 6000;
const ERROR_SHOWN_MS = 20_000;
/** A subject that has warned is not shown again within this time: what repeats is counted in the record alone. */
const QUIET_MS = 60_000;
/** Sentences that the record keeps. */
const MAX_RECORD = 12;

/** Something that people should know. */
export interface Notice {
  readonly id: number;
  readonly level: NoticeMessage["level"];
  /** What it is about: there is one notice of each at a time. */
  readonly subject: string;
  readonly sentence: string;
  /** How often it happened. */
  readonly times: number;
  /** When it did last, by the clock of the phone. */
  readonly epochMs: number;
}

/** What sentences of this page are about: the last answer to a touch. */
const OWN = "page";

/** What people are told: one sentence a subject over the page, which goes by itself, and a record of what the box said. */
export class PageNotices {
  /** Over the page, the newest first. */
  readonly shown = signal<readonly Notice[]>([]);
  /** What the box said, the newest first; equal sentences are one line with their count. */
  readonly record = signal<readonly Notice[]>([]);
  readonly #nowMs: () => number;
  readonly #warnedMs = new Map<string, number>();
  #lastId = 0;

  /** @param nowMs - milliseconds of the epoch */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Shows a sentence of this page. */
  tell(level: Notice["level"], sentence: string): void {
    this.#show({ id: ++this.#lastId, level, subject: OWN, sentence, times: 1, epochMs: this.#nowMs() });
  }

  /** Takes what the box says: into the record, and over the page unless it has warned of the same just before. */
  hear({ level, subject, sentence, times }: NoticeMessage): void {
    const epochMs = this.#nowMs();
    const notice = { id: ++this.#lastId, level, subject, sentence, times, epochMs };
    const record = this.record.peek();
    const before = record.find((line) => line.sentence === sentence);
    this.record.value = [{ ...notice, times: times + (before?.times ?? 0) }, ...record.filter((line) => line !== before)].slice(0, MAX_RECORD);
    const standing = this.shown.peek().find((other) => other.subject === subject);
    if (level !== "warning") return this.#show(notice);
    if (standing?.level === "error") return;
    if (standing !== undefined) return this.#replace(standing, { ...notice, id: standing.id, times: times + standing.times });
    if (epochMs - (this.#warnedMs.get(subject) ?? -Infinity) < QUIET_MS) return;
    this.#warnedMs.set(subject, epochMs);
    this.#show(notice);
  }

  /** Takes a notice away. */
  dismiss(id: number): void {
    this.shown.value = this.shown.peek().filter((notice) => notice.id !== id);
  }

  /** Shows a notice in the place of the one on its subject. */
  #show(notice: Notice): void {
    this.shown.value = [notice, ...this.shown.peek().filter(({ subject }) => subject !== notice.subject)];
    setTimeout(() => this.dismiss(notice.id), notice.level === "error" ? ERROR_SHOWN_MS : SHOWN_MS);
  }

  /** Puts `next` where `notice` is; it goes when that would have gone. */
  #replace(notice: Notice, next: Notice): void {
    this.shown.value = this.shown.peek().map((other) => (other === notice ? next : other));
  }
}

import type { Target } from "../config/targets.js";
import type { BoxStatus, ChangeMessage, ControlState, NoticeMessage } from "../protocol/messages.js";
import type { MeterSnapshot } from "../protocol/meter-snapshot.js";

/** How long the highest peak stands before it falls, and how fast it falls; in sound, so a stalled box shows no fall. */
const HOLD_BINS = 150;
const FALL_DB_PER_BIN = 0.2;
/** How fast the bars of reduction return. */
const REDUCTION_FALL_DB_PER_BIN = 0.15;
const NOTICE_MS = 12000;
/** Meters that stood still for this long are said to. */
const STALE_MS = 500;
const FLOOR_DB = -120;

/** Holds the highest value for a while, then lets it fall. */
class PeakHold {
  valueDb = FLOOR_DB;
  #age = 0;

  add(levelDb: number, bins: number): void {
    this.#age += bins;
    if (this.#age > HOLD_BINS) this.valueDb -= FALL_DB_PER_BIN * bins;
    if (levelDb < this.valueDb) return;
    this.valueDb = levelDb;
    this.#age = 0;
  }
}

/** Reductions as they are drawn: they rise at once and fall slowly, so that the eye can follow. */
export interface Reductions {
  readonly compressor: number;
  readonly multiband: readonly number[];
  readonly limiter: number;
  readonly eqDynamic: readonly number[];
}

const NO_REDUCTION: Reductions = { compressor: 0, multiband: [0, 0, 0, 0], limiter: 0, eqDynamic: [0, 0] };

/** What the terminal meter shows, gathered from the messages of the box. Pure but for the time that is handed in. */
export class MeterModel {
  readonly #targets: readonly Target[];
  readonly inputHolds = [new PeakHold(), new PeakHold()] as const;
  readonly outputHolds = [new PeakHold(), new PeakHold()] as const;
  state: ControlState;
  status: BoxStatus | null = null;
  snapshot: MeterSnapshot | null = null;
  reductions = NO_REDUCTION;
  #movedAtMs = 0;
  #notice: { readonly message: NoticeMessage; readonly atMs: number } | null = null;

  constructor(state: ControlState, targets: readonly Target[], nowMs: number) {
    this.state = state;
    this.#targets = targets;
    this.#movedAtMs = nowMs;
  }

  /** The loudness target in force; undefined when this program does not know it. */
  get target(): Target | undefined {
    return this.#targets.find((target) => target.id === this.state.target);
  }

  /** Takes the meters. */
  addSnapshot(snapshot: MeterSnapshot, nowMs: number): void {
    const bins = snapshot.bin - (this.snapshot?.bin ?? snapshot.bin);
    if (bins !== 0 || this.snapshot === null) this.#movedAtMs = nowMs;
    this.snapshot = snapshot;
    for (const side of [0, 1] as const) {
      this.inputHolds[side].add(snapshot.input.truePeakDbtp[side] ?? FLOOR_DB, bins);
      this.outputHolds[side].add(snapshot.output.truePeakDbtp[side] ?? FLOOR_DB, bins);
    }
    const fall = (shownDb: number, db: number): number => Math.max(db, shownDb - REDUCTION_FALL_DB_PER_BIN * bins, 0);
    const { compressor, multiband, limiter, eqDynamic } = snapshot.reductionDb;
    this.reductions = {
      compressor: fall(this.reductions.compressor, compressor),
      multiband: multiband.map((db, band) => fall(this.reductions.multiband[band] ?? 0, db)),
      limiter: fall(this.reductions.limiter, limiter),
      eqDynamic: eqDynamic.map((db, band) => fall(this.reductions.eqDynamic[band] ?? 0, Math.abs(db))),
    };
  }

  /** Takes a change of the settings. */
  addChange(change: ChangeMessage): void {
    const { values, ...rest } = change.state;
    this.state = { ...this.state, ...rest, values: { ...this.state.values, ...values }, sequence: change.sequence };
  }

  addNotice(message: NoticeMessage, nowMs: number): void {
    this.#notice = { message, atMs: nowMs };
  }

  /** Whether the meters stood still for half a second. */
  isStale(nowMs: number): boolean {
    return nowMs - this.#movedAtMs > STALE_MS;
  }

  /** The notice to show: the latest for a while, then what stands. */
  notice(nowMs: number): Pick<NoticeMessage, "level" | "sentence"> | null {
    if (this.#notice !== null && nowMs - this.#notice.atMs < NOTICE_MS) return this.#notice.message;
    const detail = this.status?.audio.detail ?? "";
    if (detail !== "") return { level: "warning", sentence: detail };
    const standing = this.status?.notices.at(-1);
    return standing === undefined ? null : { level: "warning", sentence: standing };
  }
}

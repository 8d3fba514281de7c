import type { Listening } from "../engine/reference-port.js";
import { LevelMatch, type MatchGains } from "../meters/level-match.js";
import type { Passage } from "../meters/loudness-curve.js";
import { CommandFailure } from "../protocol/command-failure.js";
import { SOLO_BANDS, type Commands, type Comparison, type Reference } from "../protocol/messages.js";
import type { Notices } from "./notices.js";
import type { PlayableTrack } from "./reference-preparer.js";
import type { ReferenceVoice } from "./reference-voice.js";

/** What the sound path is told of a comparison. */
export interface ComparisonPort {
  listen(listening: Listening, frames: number): void;
  end(): void;
  readonly isReferenceHeard: boolean;
}

export interface ComparedTracksOptions {
  /** The reference tracks. */
  readonly tracks: { readonly list: readonly Reference[]; find(id: string): PlayableTrack | undefined };
  /** Makes the way into the sound path, and what plays there; null while no sound flows. */
  readonly open: (onProblem: (sentence: string) => void) => { readonly port: ComparisonPort; readonly voice: Pick<ReferenceVoice, "play" | "rest" | "placeS" | "stop"> } | null;
  /** Loudness of the last seconds of the mix, as `matchedLufs` has it. */
  readonly mixLufs: (seconds: number) => number | null;
  /** Why no reference may be heard at this moment, as the end of a sentence; undefined when one may. */
  readonly obstacle: () => string | undefined;
  /** Whether a monitor output plays what is compared, while the recorder keeps the mix. */
  readonly hasMonitorOutput: () => boolean;
  /** Whether the client that calls itself so is connected; programs on the box, and its panel, always are. */
  readonly isHere: (source: string) => boolean;
  readonly sampleRateHz: number;
  /** Minutes of sound without a comparison after which people are reminded; 0 for never. */
  readonly reminderMinutes: number;
  readonly notices: Notices;
  readonly nowMs: () => number;
}

/** What ends by itself is armed for so long. */
const ARMED_MS = 15 * 60_000;
/** A phone that armed it may be away for so long. */
const AWAY_MS = 10_000;
/** To be called so often. */
export const TICK_MS = 100;
/** The sound path goes back to the mix by itself when it hears nothing for so long. */
const LEASE_S = 1.5;
/** Where people are told what goes on, each so many ticks. */
const TELL_TICKS = 5;
const CEILING_DBTP = -1;
const MATCH_S = 3;
const SLOW_MATCH_S = 10;
/** The shortest passage that is played over and over. */
const SHORTEST_S = 1;
const SUBJECT = "references";
const NOT_ARMED = "References are not armed, because the recorder hears what you hear; arm them first.";
const NONE_READY = "No reference track is ready to be heard.";

/** What armed references mean on a board with one output. */
const ONE_OUTPUT_WARNING = "This board has one output: the recorder hears what you hear. It ends by itself after 15 minutes, "
  + "when a song or a take begins, and when the phone that armed it is gone.";

/** What they mean where a monitor output plays them. */
const MONITOR_WORDS = "The monitor output, 3 and 4, plays what you compare, and the recorder keeps the mix. It lasts until somebody ends it.";

interface Armed {
  readonly by: string;
  readonly untilMs: number;
  readonly port: ComparisonPort;
  readonly voice: Pick<ReferenceVoice, "play" | "rest" | "placeS" | "stop">;
  seenMs: number;
}

/**
 * Compares the mix with a reference track at the same loudness. The sound path stays with the mix unless this goes on asking
 * for the reference: armed by a person, no longer than sound flows through the box, and on one output for a quarter of an hour.
 */
export class ComparedTracks {
  readonly #options: ComparedTracksOptions;
  readonly #match = new LevelMatch();
  readonly #listeners = new Set<(comparison: Comparison) => void>();
  /** Where each track was left. */
  readonly #places = new Map<string, number>();
  #armed: Armed | undefined;
  #isReferenceWanted = false;
  /** Whether both sides were compared since it was armed: only then the mix may be turned down beside the reference. */
  #hasCompared = false;
  /** Whether somebody asked for one band since it was armed: what was chosen before waits for the first comparison. */
  #isBandAsked = false;
  #reference: string | null = null;
  #loop: Comparison["loop"] = "loudest";
  #passage: Passage | null = null;
  #solo: Comparison["solo"] = null;
  #gains: MatchGains = { referenceDb: 0, mixDb: 0 };
  #ticks = 0;
  #soundMs = 0;

  constructor(options: ComparedTracksOptions) {
    this.#options = options;
  }

  /** Hears of the comparison whenever it changes, and twice a second while it is armed. */
  onChange(listener: (comparison: Comparison) => void): void {
    this.#listeners.add(listener);
  }

  /** How it stands. */
  get state(): Comparison {
    const armed = this.#armed;
    return {
      hasMonitorOutput: this.#options.hasMonitorOutput(),
      isArmed: armed !== undefined,
      secondsLeft: armed === undefined || armed.untilMs === Infinity ? null : Math.max(0, Math.ceil((armed.untilMs - this.#options.nowMs()) / 1000)),
      heard: this.#isReferenceWanted ? "reference" : "mix",
      isWaiting: this.#isReferenceWanted && armed?.port.isReferenceHeard === false,
      reference: this.#reference, loop: this.#loop, passage: this.#passage, solo: this.#solo,
      placeS: this.#placeS, ...this.#gains,
    };
  }

  /** Lets references be heard from now on. Returns what that means for the recorder. @throws CommandFailure when no sound flows, or something else is in the way */
  arm(source: string): string {
    this.#requireNoObstacle();
    const nowMs = this.#options.nowMs();
    const opened = this.#armed ?? this.#options.open((sentence) => this.end(sentence));
    if (opened === null) throw new CommandFailure("notNow", "No sound flows at present; see `lacquer status`.");
    const { port, voice } = opened;
    const isNew = this.#armed === undefined;
    const lasts = this.#options.hasMonitorOutput();
    this.#armed = { by: source, untilMs: lasts ? Infinity : nowMs + ARMED_MS, seenMs: nowMs, port, voice };
    if (!lasts) this.#options.notices.stand("references armed", "warning", "References are armed: the recorder hears what you hear.", SUBJECT);
    if (isNew) this.#begin();
    this.#tell();
    return lasts ? MONITOR_WORDS : ONE_OUTPUT_WARNING;
  }

  /**
   * Switches to the reference or back; toggles where `on` is undefined. Returns what is heard now.
   * @throws CommandFailure when it is not armed, and the recorder would hear it, or not ready
   */
  compare(on: boolean | undefined, source: string): boolean {
    const isOn = on ?? !this.#isReferenceWanted;
    if (!isOn && !this.#isReferenceWanted) return false;
    if (this.#armed === undefined && !this.#options.hasMonitorOutput()) throw new CommandFailure("notNow", NOT_ARMED);
    if (this.#armed === undefined) this.arm(source);
    this.#requireNoObstacle();
    if (this.#chosen === undefined) this.#takeFirst();
    if (this.#chosen === undefined) throw new CommandFailure("notNow", NONE_READY);
    // What was heard until now is what the other side is matched with.
    this.#matchLoudness(0);
    this.#isReferenceWanted = isOn;
    this.#hasCompared = true;
    this.#soundMs = 0;
    this.#matchLoudness(0);
    this.#listen();
    this.#tell();
    return isOn;
  }

  /** Chooses what is compared. @throws RangeError for a track that is not ready, or a passage that is none */
  choose({ reference, loop, fromS, toS, solo }: Commands["setComparison"]["in"]): void {
    const id = reference ?? this.#reference ?? this.#firstReady;
    const track = id === null ? undefined : this.#options.tracks.find(id);
    if (reference !== undefined && track === undefined) throw new RangeError("There is no such reference track, or it is not ready yet.");
    const passage = fromS === undefined && toS === undefined ? this.#passage : { fromS: fromS ?? this.#passage?.fromS ?? 0, toS: toS ?? this.#passage?.toS ?? Infinity };
    // A passage is one of its own track.
    const usualLoop = this.#loop === "passage" && id !== this.#reference ? "loudest" : this.#loop;
    const wantedLoop = loop ?? (passage === this.#passage ? usualLoop : "passage");
    const bounded = passage && { fromS: passage.fromS, toS: Math.min(passage.toS, track?.sound.durationS ?? passage.toS) };
    if (wantedLoop === "passage" && !(bounded !== null && bounded.toS - bounded.fromS >= SHORTEST_S && Number.isFinite(bounded.toS))) {
      throw new RangeError(`The passage is ${bounded?.fromS ?? "from nowhere"} to ${bounded?.toS ?? "nowhere"}; it must lie in the track and last ${SHORTEST_S} s at least.`);
    }
    const isOther = id !== this.#reference || wantedLoop !== this.#loop || bounded?.fromS !== this.#passage?.fromS || bounded?.toS !== this.#passage?.toS;
    this.#leave();
    this.#reference = track === undefined ? null : id;
    this.#loop = wantedLoop;
    this.#passage = bounded;
    if (solo !== undefined) {
      this.#solo = solo;
      this.#isBandAsked = this.#armed !== undefined;
    }
    if (isOther) this.#play();
    this.#listen();
    this.#tell();
  }

  /** Ends it: the mix alone is heard. `reason` is told, as the end of a sentence. */
  end(reason: string): void {
    const armed = this.#armed;
    if (armed === undefined) return;
    this.#leave();
    armed.port.end();
    void armed.voice.stop();
    this.#armed = undefined;
    this.#isReferenceWanted = false;
    this.#hasCompared = false;
    this.#gains = { referenceDb: 0, mixDb: 0 };
    // Armed the next time, the recorder is not to get one band of the mix.
    this.#solo = null;
    this.#options.notices.settle("references armed", `References are not armed any more: ${reason}.`, SUBJECT);
    this.#tell();
  }

  /** The recorder needs the mix from here on: ends it, unless the monitor output alone plays it. */
  freeRecorder(reason: string): void {
    if (!this.#options.hasMonitorOutput()) this.end(reason);
  }

  /** The list of the tracks, or the state of one, is another. */
  follow(): void {
    if (this.#reference === null || this.#chosen !== undefined) return;
    this.#reference = null;
    if (this.#isReferenceWanted) this.end("the reference track was removed");
    else this.#armed?.voice.rest();
    this.#tell();
  }

  /** To be called each TICK_MS. */
  tick(): void {
    this.#remind();
    const armed = this.#armed;
    if (armed === undefined) return;
    const nowMs = this.#options.nowMs();
    if (this.#options.isHere(armed.by)) armed.seenMs = nowMs;
    const obstacle = this.#options.obstacle();
    if (obstacle !== undefined) return this.end(obstacle);
    if (nowMs >= armed.untilMs) return this.end("a quarter of an hour is over");
    if (armed.untilMs !== Infinity && nowMs - armed.seenMs > AWAY_MS) return this.end("the phone that armed them is gone");
    this.#matchLoudness(TICK_MS / 1000);
    this.#listen();
    if (++this.#ticks % TELL_TICKS === 0) this.#tell();
  }

  get #chosen(): PlayableTrack | undefined {
    return this.#reference === null ? undefined : this.#options.tracks.find(this.#reference);
  }

  get #firstReady(): string | null {
    return this.#options.tracks.list.find(({ state }) => state === "ready")?.id ?? null;
  }

  get #placeS(): number {
    const armed = this.#armed;
    return armed === undefined ? this.#places.get(this.#reference ?? "") ?? 0 : armed.voice.placeS;
  }

  /** What of the chosen track is played. */
  #loopOf({ sound }: PlayableTrack): Passage {
    if (this.#loop === "loudest") return sound.loudest;
    return this.#loop === "passage" && this.#passage !== null ? this.#passage : { fromS: 0, toS: sound.durationS };
  }

  #requireNoObstacle(): void {
    const obstacle = this.#options.obstacle();
    if (obstacle !== undefined) throw new CommandFailure("notNow", `No reference can be heard: ${obstacle}.`);
  }

  #begin(): void {
    this.#match.reset();
    this.#hasCompared = this.#isBandAsked = false;
    if (this.#chosen === undefined) this.#takeFirst();
    else this.#play();
  }

  /** Nothing was chosen, or it is gone: the first that is ready is taken. */
  #takeFirst(): void {
    this.#reference = this.#firstReady;
    // A passage is one of its own track.
    this.#passage = null;
    if (this.#loop === "passage") this.#loop = "loudest";
    this.#play();
  }

  /** Goes to where the chosen track was left, or to the beginning of its loop when that lies elsewhere. */
  #play(): void {
    const track = this.#chosen;
    if (this.#armed === undefined || track === undefined) return;
    const loop = this.#loopOf(track);
    const left = this.#places.get(this.#reference ?? "") ?? loop.fromS;
    this.#armed.voice.play(track, left >= loop.fromS && left < loop.toS ? left : loop.fromS, loop);
  }

  /** Remembers where the present track is. */
  #leave(): void {
    if (this.#armed !== undefined && this.#reference !== null) this.#places.set(this.#reference, this.#armed.voice.placeS);
  }

  #matchLoudness(elapsedS: number): void {
    const track = this.#chosen;
    if (track === undefined) return;
    const loop = this.#loopOf(track);
    const placeS = this.#placeS;
    const { mixLufs } = this.#options;
    this.#gains = this.#match.next({
      mixLufs: mixLufs(MATCH_S), mixSlowLufs: mixLufs(SLOW_MATCH_S),
      referenceLufs: track.curve.lufs(placeS, MATCH_S, loop),
      referenceSlowLufs: track.curve.lufs(Math.max(loop.fromS, placeS - SLOW_MATCH_S / 2), SLOW_MATCH_S, loop),
    }, elapsedS, { isHeard: this.#isReferenceWanted, mostDb: CEILING_DBTP - (track.sound.maxTruePeakDbtp ?? CEILING_DBTP) });
  }

  #listen(): void {
    const { referenceDb, mixDb } = this.#gains;
    this.#armed?.port.listen({
      isReferenceHeard: this.#isReferenceWanted, referenceDb, mixDb: this.#hasCompared ? mixDb : 0,
      band: this.#solo === null || !(this.#hasCompared || this.#isBandAsked) ? 0 : 1 + SOLO_BANDS.indexOf(this.#solo),
    }, Math.round(LEASE_S * this.#options.sampleRateHz));
  }

  #remind(): void {
    const { reminderMinutes, mixLufs, notices } = this.#options;
    if (reminderMinutes === 0 || this.#firstReady === null || mixLufs(MATCH_S) === null) return;
    this.#soundMs += TICK_MS;
    if (this.#soundMs < 60_000 * reminderMinutes) return;
    this.#soundMs = 0;
    const time = reminderMinutes === 1 ? "1 minute has" : `${reminderMinutes} minutes have`;
    notices.tell("comparison reminder", "info", `${time} passed without a look at a reference: ears get used to anything. Compare once.`, SUBJECT);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.state);
  }
}

import { platformAdjustment, type Target } from "../config/targets.js";
import type { Listening } from "../engine/reference-port.js";
import { CommandFailure } from "../protocol/command-failure.js";
import type { PreviewState } from "../protocol/levels.js";
import type { Notices } from "./notices.js";

/** What ends by itself lasts so long. */
const PREVIEW_MS = 2 * 60_000;
/** The sound path goes back to the full level by itself when it hears nothing for so long. */
const LEASE_S = 1.5;
const SUBJECT = "preview";
const STANDING = "platform preview";

/** What the sound path is told of a preview. */
export interface PreviewPort {
  listen(listening: Listening, frames: number): void;
  end(): void;
}

export interface PreviewOptions {
  /** The way into the sound path; null while no sound flows. */
  readonly open: () => PreviewPort | null;
  /** Figures of the song that is measured. */
  readonly song: () => { readonly integratedLufs: number | null; readonly maxTruePeakDbtp: number | null };
  /** Why the output must stay as it is, as the end of a sentence; undefined when nothing is in the way. */
  readonly obstacle: () => string | undefined;
  /** Whether a monitor output alone plays it, while the recorder keeps the full level. */
  readonly hasMonitorOutput: () => boolean;
  readonly notices: Pick<Notices, "stand" | "settle">;
  readonly sampleRateHz: number;
  readonly nowMs: () => number;
  readonly onChange: () => void;
}

interface Running {
  readonly platform: Target;
  readonly gainDb: number;
  readonly untilMs: number;
  readonly port: PreviewPort;
}

/**
 * Lets the master, and the input beside it in the bypass, be heard as low as a platform will play it: turned down behind
 * the meters, the takes and the log, which go on with the master itself. What a platform turns up is played as it is, for
 * its limiter is not ours. On one output the recorder hears it too: people are told, and it ends by itself after two minutes, at a mark of
 * a song, when something else wants the output, and when the box does not ask for it any more.
 */
export class Preview {
  readonly #options: PreviewOptions;
  #running: Running | undefined;

  constructor(options: PreviewOptions) {
    this.#options = options;
  }

  get state(): PreviewState {
    const running = this.#running;
    const hasMonitorOutput = this.#options.hasMonitorOutput();
    if (running === undefined) return { hasMonitorOutput, platform: null, gainDb: 0, secondsLeft: null };
    return { hasMonitorOutput, platform: running.platform.id, gainDb: running.gainDb, secondsLeft: Math.max(0, Math.ceil((running.untilMs - this.#options.nowMs()) / 1000)) };
  }

  /** Plays as `platform` will. @throws CommandFailure when nothing was measured, its rule is not known, or something is in the way */
  start(platform: Target): void {
    const { open, song, obstacle, hasMonitorOutput, notices, nowMs } = this.#options;
    const hindrance = obstacle();
    if (hindrance !== undefined) throw new CommandFailure("notNow", `There is no preview now: ${hindrance}.`);
    const { integratedLufs, maxTruePeakDbtp } = song();
    if (integratedLufs === null) throw new CommandFailure("notNow", "Nothing is measured yet; play some of the song first.");
    const adjustmentDb = platformAdjustment(platform, integratedLufs, maxTruePeakDbtp);
    if (adjustmentDb === null) throw new CommandFailure("notNow", `What ${platform.name} does to such a master is not known.`);
    const port = this.#running?.port ?? open();
    if (port === null) throw new CommandFailure("notNow", "No sound flows at present; see `lacquer status`.");
    const gainDb = Math.min(0, adjustmentDb);
    this.#running = { platform, gainDb, untilMs: nowMs() + PREVIEW_MS, port };
    const gain = `as low as ${platform.name} will play it (${gainDb.toFixed(1)} dB)`;
    if (hasMonitorOutput()) notices.stand(STANDING, "info", `The monitor output is ${gain}: the recorder keeps the full level.`, SUBJECT);
    else notices.stand(STANDING, "warning", `The output is ${gain}: the recorder hears that too.`, SUBJECT);
    this.#listen();
    this.#options.onChange();
  }

  /** Ends it; `reason` is told, as the end of a sentence. */
  end(reason: string): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    running.port.end();
    this.#options.notices.settle(STANDING, `The output is at its full level again: ${reason}.`, SUBJECT);
    this.#options.onChange();
  }

  /** To be called some times a second. */
  tick(): void {
    const running = this.#running;
    if (running === undefined) return;
    const hindrance = this.#options.obstacle();
    if (hindrance !== undefined) this.end(hindrance);
    else if (this.#options.nowMs() >= running.untilMs) this.end("two minutes are over");
    else this.#listen();
  }

  #listen(): void {
    const { gainDb: mixDb = 0, port } = this.#running ?? {};
    port?.listen({ isReferenceHeard: false, referenceDb: 0, mixDb, band: 0 }, Math.round(LEASE_S * this.#options.sampleRateHz));
  }
}

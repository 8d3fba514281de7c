import { AUDIO_FAULTS, type AudioFault } from "../hal/audio.js";
import type { AudioHealth } from "../hal/audio-health.js";
import type { Notices } from "./notices.js";

const FAULT_SENTENCES: Readonly<Record<AudioFault, string>> = {
  overrun: "Sound from the mixer came faster than it was taken (overrun); the streams were started again.",
  underrun: "The recorder was fed too late (underrun); the streams were started again.",
  suspended: "The system had put the sound device to sleep; the streams were started again.",
  shortTransfer: "The sound device moved less than a block at once; the streams were started again.",
  stalled: "The sound device stood still; the streams were started again.",
  disconnected: "The sound device is gone: check its cable.",
  wrongClock: "The sound device runs at another rate than was set; check its clock.",
  other: "The sound device reported an error; the streams were started again.",
};

/** All of it shares one line a second of the log, however many troubles take turns. */
const SUBJECT = "sound";

/** Tells what changes in the health of the sound path: once when it begins, and once when it is over. */
export class SoundEvents {
  readonly #notices: Notices;
  #before: AudioHealth | undefined;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  /** Compares the health now with that of the last call. */
  watch(health: AudioHealth): void {
    const before = this.#before;
    this.#before = health;
    for (const fault of AUDIO_FAULTS) {
      if (health.faults[fault] > (before?.faults[fault] ?? 0)) this.#notices.tell(fault, "warning", FAULT_SENTENCES[fault], SUBJECT);
    }
    if (health.stageFaults > (before?.stageFaults ?? 0)) {
      this.#notices.tell("stage fault", "warning", "A stage of the chain went out of range; it was muted for a moment and cleared.", SUBJECT);
    }
    if (health.nonfiniteInputs > (before?.nonfiniteInputs ?? 0)) {
      this.#notices.tell("nonfinite input", "warning", "Samples came in that are no numbers; they were taken as silence.", SUBJECT);
    }
    if (health.nonfiniteOutputs > (before?.nonfiniteOutputs ?? 0)) {
      this.#notices.tell("nonfinite output", "warning", "The chain made samples that are no numbers; they went out as silence.", SUBJECT);
    }
    this.#watchStates(health);
  }

  #watchStates({ state, detail, isOutputDead, isDcMuted, isolatedStages, shedding }: AudioHealth): void {
    const isSilent = state === "waiting" || state === "recovering";
    this.#lasting("sound", isSilent && detail !== "", `No sound: ${detail}`, "Sound flows again.");
    this.#lasting("dead output", isOutputDead, "The output is silent although sound comes in; the box mends itself.", "The output lives again.");
    this.#lasting("offset", isDcMuted, "The output was muted: it had a constant offset, which harms speakers. Check the input's cable.", "The offset is gone; the output is on again.");
    const names = isolatedStages.join(", ");
    this.#lasting("isolated", names !== "", `Left out of the chain because they failed: ${names}. Change or reset one of their settings, and they are tried again.`, "All stages work again.");
    const left = shedding === "meters" ? "The meters stand still" : "The meters stand still and nothing is recorded";
    this.#lasting("overload", shedding !== "none", `${left}, so that the sound goes on: the processor cannot keep up. Choose longer periods (audio.periodFrames).`, "The processor keeps up again.");
  }

  #lasting(kind: string, holds: boolean, sentence: string, over: string): void {
    if (holds) this.#notices.stand(kind, "error", sentence, SUBJECT);
    else this.#notices.settle(kind, over, SUBJECT);
  }
}

import { LIVE_PROBE, LIVE_PROBE_FRAME, LIVE_PROBES_SENT, READOUT_LATENCY_FRAMES, TAP_RING_FIELDS, TAP_RING_INPUT } from "../dsp/layout.js";
import type { LatencyMeasurement } from "../hal/audio-health.js";
import type { ChainMemory } from "./chain-memory.js";
import { TapReader } from "./tap-reader.js";

/** The impulse is looked for so long, which is more than any buffer holds. */
const LISTEN_S = 0.3;
/** Beyond these the impulse counts as lost, and two measurements as different. */
const GIVE_UP_MS = 3000;
const LEAST_RETURN = 0.005;
const TOLERANCE_FRAMES = 1;
const POLL_MS = 20;
/** Middle of the impulse that the chain sends. */
const SENT_PEAK = 0.5;

interface Echo {
  /** Frames after the impulse. */
  frame: number;
  peak: number;
}

/** A measurement during which the sound was interrupted is made again, so often. */
const TRIES = 4;

/** The impulse did not come back, or something else did; the sentence says what to do. */
export class LatencyError extends Error {
  override readonly name = "LatencyError";
}

/** No sound flowed for a moment; the next measurement may be luckier. */
class InterruptedError extends LatencyError {
  constructor() {
    super(`The sound was interrupted in each of ${TRIES} measurements; see \`lacquer status\`, and try again.`);
  }
}

/**
 * Measures the way from the output of the box to its input, with a cable between the two: sends an impulse and looks for
 * it in what comes in. Does it twice, so that other sound at the input is not taken for it. The output must be faded out
 * before: an open box with such a cable howls.
 *
 * @throws LatencyError when nothing, or something else, comes back
 */
export async function measureLatency(memory: ChainMemory, sampleRateHz: number): Promise<LatencyMeasurement> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await measureOnce(memory, sampleRateHz);
    } catch (error) {
      if (!(error instanceof InterruptedError) || left === 0) throw error;
    } finally {
      // What was not sent by now must not be sent into somebody's music.
      memory.setWord(LIVE_PROBE, 0);
    }
  }
}

async function measureOnce(memory: ChainMemory, sampleRateHz: number): Promise<LatencyMeasurement> {
  const first = await probe(memory, sampleRateHz);
  const second = await probe(memory, sampleRateHz);
  if (Math.abs(first.loopFrames - second.loopFrames) > TOLERANCE_FRAMES) {
    throw new LatencyError(`Two impulses came back after different times, ${first.loopFrames} and ${second.loopFrames} frames: `
      + "other sound is at the input; connect only a cable from the output to the input.");
  }
  const chainFrames = memory.readout(READOUT_LATENCY_FRAMES);
  const totalFrames = second.loopFrames + chainFrames;
  return { ...second, chainFrames, totalFrames, totalMs: (1000 * totalFrames) / sampleRateHz };
}

async function probe(memory: ChainMemory, sampleRateHz: number): Promise<Pick<LatencyMeasurement, "loopFrames" | "returnDb">> {
  const listenFrames = Math.round(LISTEN_S * sampleRateHz);
  const tap = new TapReader(memory);
  const sent = memory.word(LIVE_PROBES_SENT);
  memory.setWord(LIVE_PROBE, listenFrames);
  const piece = new Float32Array(listenFrames * TAP_RING_FIELDS);
  const echo: Echo = { frame: 0, peak: 0 };
  const end = performance.now() + GIVE_UP_MS;
  for (let isOver = false; !isOver;) {
    if (performance.now() > end) throw new InterruptedError();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const from = memory.word(LIVE_PROBES_SENT) === sent ? undefined : memory.word(LIVE_PROBE_FRAME);
    if (from === undefined) continue;
    if (tap.skipLost() > 0) throw new InterruptedError();
    const first = (tap.frame - from) | 0;
    findPeak(piece.subarray(0, tap.read(piece) * TAP_RING_FIELDS), first, echo);
    // The chain takes the next impulse when it is done with this one.
    isOver = ((tap.frame - from) | 0) >= listenFrames && memory.word(LIVE_PROBE) === 0;
  }
  if (echo.peak < LEAST_RETURN) {
    throw new LatencyError("No impulse came back: connect a cable from the output to the input, turn the input up, and try again.");
  }
  return { loopFrames: echo.frame, returnDb: 20 * Math.log10(echo.peak / SENT_PEAK) };
}

/** Looks for the largest sample of the input after the impulse. `first`: frames from the impulse to the first of the piece. */
function findPeak(piece: Float32Array, first: number, echo: Echo): void {
  for (let at = TAP_RING_INPUT, frame = first; at < piece.length; at += TAP_RING_FIELDS, frame++) {
    const peak = Math.max(Math.abs(piece[at] as number), Math.abs(piece[at + 1] as number));
    if (frame <= 0 || peak <= echo.peak) continue;
    echo.frame = frame;
    echo.peak = peak;
  }
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { AlsaAudio } from "../../hw/alsa/alsa-audio.js";
import { systemClock } from "../../hw/linux/clock.js";
import { describeAudioDuplex } from "../contracts/audio-duplex.js";
import { JackBed } from "../support/jack-bed.js";

const PASS_THROUGH = fileURLToPath(new URL("../../dist/tests/bench/pass-through.js", import.meta.url));
const SECONDS = 6;
const TRIES = 5;

interface PassThrough {
  readonly periods: number;
  readonly restarts: number;
}

/** Passes sound through the driver in a process of its own, and measures its delay meanwhile. */
async function measure(periodFrames: number, periods: number): Promise<PassThrough & { readonly readings: readonly number[] }> {
  const bed = await JackBed.start(periodFrames);
  try {
    const settings = [PASS_THROUGH, "bed", periodFrames, periods, SECONDS].map(String);
    const child = spawn(process.execPath, settings, { env: bed.environment, stdio: ["ignore", "pipe", "inherit"] });
    const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
    return { ...(JSON.parse(output) as PassThrough), readings: [...bed.readings] };
  } finally {
    await bed.stop();
  }
}

describe("the delay through the driver, from the output of a sound server to its input", () => {
  it.each([[64, 2], [64, 3], [128, 3]])("is the playback buffer to the frame at 48 kHz, %i frames x %i", async (periodFrames, periods) => {
    let measured = await measure(periodFrames, periods);
    // A machine that is busy with other work makes xruns.
    for (let attempt = 1; attempt < TRIES && measured.restarts > 0; attempt++) measured = await measure(periodFrames, periods);
    const { readings, periods: moved, restarts } = measured;
    console.log(`${periodFrames} x ${periods}: ${readings.length} readings, median ${median(readings)} frames; ${moved} periods moved, ${restarts} restarts`);
    expect(readings.length).toBeGreaterThanOrEqual(SECONDS);
    // A reading that a restart fell into tells nothing; jack_iodelay itself is exact to some thousandths of a frame.
    const counted = restarts === 0 ? readings : [median(readings)];
    for (const frames of counted) expect(Math.abs(frames - periods * periodFrames)).toBeLessThan(0.01);
    expect(moved).toBeGreaterThan((SECONDS * 48000) / periodFrames / 2);
  });
});

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

const bed = await JackBed.start(64);
Object.assign(process.env, bed.environment);
afterAll(() => bed.stop());

describeAudioDuplex("AlsaAudio on a sound server without hardware, 64 x 4", () => ({
  device: new AlsaAudio({ captureDevice: "bed", playbackDevice: "bed" }, systemClock()),
  request: { sampleRateHz: 48000, periodFrames: 64, periods: 4, formats: ["S32_LE", "FLOAT_LE"] },
  refused: { sampleRateHz: 44100, periodFrames: 64, periods: 4, formats: ["FLOAT_LE"] },
  causes: {
    // Nobody serves the streams for 19 buffers.
    overrun: { begin: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100) },
    underrun: { impossible: "on one clock the input runs over in the same period, and is asked first" },
    suspended: { impossible: "a sound server is not suspended" },
    stalled: { begin: () => bed.freeze(), end: () => bed.thaw() },
    disconnected: { impossible: "a sound server that dies looks like a clock that stands still" },
  },
}));

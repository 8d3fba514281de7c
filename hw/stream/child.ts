import { type AudioFault, BYTES_PER_SAMPLE, type PcmFormat } from "../../src/hal/audio.js";
import { dieWithParent } from "../linux/parent-death.js";
import { loadPackages } from "./packages.js";
import type { ChildJob } from "./stream-options.js";

/** What the child says to the pump, beside the sound on its standard output. */
export interface ChildTrouble {
  readonly fault: AudioFault;
  readonly detail: string;
}

/** Bits of a format as speaker counts them. */
const BITS: Readonly<Partial<Record<PcmFormat, number>>> = { S32_LE: 32, S24_3LE: 24, S16_LE: 16, FLOAT_LE: 32 };
/** What alsa-lib says of a device that was taken away: ENODEV and ENXIO. */
const GONE = /no such device/i;

let isOver = false;

/**
 * Ends the process at the first trouble: alsa-capture would go on with stale sound, or without end. By force, because its
 * thread keeps a process from leaving.
 */
function end(fault: AudioFault, detail: string): void {
  if (isOver) return;
  isOver = true;
  const trouble: ChildTrouble = { fault, detail };
  process.send?.(trouble, () => process.kill(process.pid, "SIGKILL"));
}

function runCapture(job: ChildJob, Capture: ReturnType<typeof loadPackages>["Capture"]): void {
  const { captureDevice: device, sampleRateHz: rate, periodFrames: periodSize, format } = job;
  const capture = new Capture({ channels: 2, format, periodSize, rate, device });
  capture.on("audio", (sound: Uint8Array) => {
    if (!isOver) process.stdout.write(sound);
  });
  capture.on("overrun", () => end("overrun", "alsa-capture lost sound."));
  capture.on("shortRead", (frames: unknown) => end("shortTransfer", `alsa-capture read ${String(frames)} frames of ${periodSize}.`));
  capture.on("rateDeviating", (actual: unknown) => end("wrongClock", `The device ${device} runs at ${String(actual)} Hz instead of ${rate} Hz.`));
  capture.on("readError", (reason: unknown) => {
    const text = String(reason).trim();
    end(GONE.test(text) ? "disconnected" : "other", `alsa-capture cannot read from ${device}: ${text}`);
  });
  capture.on("error", (reason: unknown) => end("other", `alsa-capture cannot open ${device}: ${String(reason).trim()}`));
  capture.on("close", () => end("other", `alsa-capture closed ${device}.`));
}

/** Opens the device by a period of silence, for speaker opens it no earlier; calls `onOpen` when it was taken. */
function runSpeaker(job: ChildJob, Speaker: ReturnType<typeof loadPackages>["Speaker"], onOpen: () => void): void {
  const { playbackDevice: device, sampleRateHz: sampleRate, periodFrames: samplesPerFrame, format } = job;
  const isFloat = format === "FLOAT_LE";
  const speaker = new Speaker({ channels: 2, sampleRate, bitDepth: BITS[format] as number, float: isFloat, signed: true, device, samplesPerFrame });
  speaker.on("error", (error: Error) => end("other", `speaker cannot play on ${device}: ${error.message}`));
  const frameBytes = 2 * BYTES_PER_SAMPLE[format];
  speaker.write(Buffer.alloc(samplesPerFrame * frameBytes), onOpen);
  // A pipe cuts where it likes, and speaker fails at a part of a frame.
  let rest: Buffer = Buffer.alloc(0);
  process.stdin.on("data", (piece: Buffer) => {
    const sound = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const whole = sound.length - (sound.length % frameBytes);
    rest = sound.subarray(whole);
    if (whole > 0 && !speaker.write(sound.subarray(0, whole))) process.stdin.pause();
  });
  speaker.on("drain", () => process.stdin.resume());
}

const job = JSON.parse(process.argv[2] as string) as ChildJob;
// Whoever started this process is gone. Standard input does not tell while it rests, nor does any event while a package spins.
dieWithParent();
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.stdout.on("error", () => process.kill(process.pid, "SIGKILL"));
if (!process.connected) process.kill(process.pid, "SIGKILL");
try {
  const { Capture, Speaker } = loadPackages(job);
  // Opening takes this thread so long that sound captured meanwhile would be late for ever.
  runSpeaker(job, Speaker, () => runCapture(job, Capture));
} catch (error) {
  end("other", error instanceof Error ? error.message : String(error));
}

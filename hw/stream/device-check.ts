import { AudioError, type PcmFormat } from "../../src/hal/audio.js";
import { ACCESS_RW_INTERLEAVED, FORMAT_NUMBERS, OPEN_NONBLOCK, STREAM_CAPTURE, STREAM_PLAYBACK } from "../alsa/alsa-constants.js";
import { openLibasound, type Libasound } from "../alsa/libasound.js";
import { openError } from "../alsa/open-errors.js";
import type { ChildJob } from "./stream-options.js";

/** What speaker opens when it is loaded, to see the formats that it may use; without it, it aborts its process. */
const PROBE = { device: "default", sampleRateHz: 44100, format: "S16_LE" } as const;

interface Figures {
  readonly device: string;
  readonly sampleRateHz: number;
  readonly format: PcmFormat;
}

/** @throws AudioError when the device does not open or does not take these figures in stereo. */
function checkPcm(lib: Libasound, { device, sampleRateHz, format }: Figures, stream: number): void {
  const handle = new BigUint64Array(1);
  const code = lib.open(handle, device, stream, OPEN_NONBLOCK);
  if (code < 0) throw openError(device, code, lib.strerror(code));
  const pcm = handle[0] as bigint;
  const params = new Uint8Array(lib.hw_params_sizeof());
  const isTaken = lib.hw_params_any(pcm, params) >= 0 &&
    lib.hw_params_set_access(pcm, params, ACCESS_RW_INTERLEAVED) >= 0 &&
    lib.hw_params_set_channels(pcm, params, 2) >= 0 &&
    lib.hw_params_set_format(pcm, params, FORMAT_NUMBERS[format]) >= 0 &&
    lib.hw_params_set_rate(pcm, params, sampleRateHz, 0) >= 0;
  lib.close(pcm);
  if (isTaken) return;
  const direction = stream === STREAM_CAPTURE ? "capture" : "playback";
  throw new AudioError("unsupported", `The sound device ${device} (${direction}) does not take ${format} stereo at ${sampleRateHz} Hz: ` +
    "choose another format or rate, or a device of the type plug.");
}

/**
 * Makes sure that alsa-capture and speaker will meet what they count on: speaker ends its process without a PCM named
 * default, and alsa-capture delivers noise or crashes when a device has another format than the one asked for.
 * @throws AudioError that says what is missing.
 */
export function checkDevices(job: ChildJob): void {
  const lib = openLibasound();
  const { sampleRateHz, format } = job;
  try {
    checkPcm(lib, PROBE, STREAM_PLAYBACK);
  } catch (cause) {
    const reason = cause instanceof AudioError ? cause.message : String(cause);
    throw new AudioError("unsupported", `The package speaker needs a device named default that plays S16_LE at 44100 Hz: ${reason}`, { cause });
  }
  // Speaker takes a format only when the device named default has it at 44100 Hz, whichever device it is to play on.
  checkPcm(lib, { ...PROBE, format }, STREAM_PLAYBACK);
  checkPcm(lib, { device: job.playbackDevice, sampleRateHz, format }, STREAM_PLAYBACK);
  checkPcm(lib, { device: job.captureDevice, sampleRateHz, format }, STREAM_CAPTURE);
}

import { faultCode, type PcmFormat } from "../../src/hal/audio.js";

/** Values of alsa/pcm.h. */
export const STREAM_PLAYBACK = 0;
export const STREAM_CAPTURE = 1;
export const OPEN_NONBLOCK = 1;
export const ACCESS_RW_INTERLEAVED = 3;
export const STATE_SUSPENDED = 7;
export const TSTAMP_ENABLE = 1;
export const TSTAMP_TYPE_MONOTONIC = 1;
export const FORMAT_NUMBERS: Readonly<Record<PcmFormat, number>> = {
  S16_LE: 2, S24_LE: 6, S32_LE: 10, FLOAT_LE: 14, S24_3LE: 32,
};

/** Negative error numbers of Linux, as the library answers them. */
export const EPERM = -1;
export const ENOENT = -2;
export const EINTR = -4;
export const EIO = -5;
export const ENXIO = -6;
export const EBADF = -9;
export const EAGAIN = -11;
export const EACCES = -13;
export const EBUSY = -16;
export const ENODEV = -19;
export const EPIPE = -32;
export const EBADFD = -77;
export const ESTRPIPE = -86;
export const ESHUTDOWN = -108;
export const ETIMEDOUT = -110;

/**
 * The driver's own answers, below all error numbers: no frames in time, too few of them, none taken again and again, and
 * directions that do not run in step.
 */
export const STALLED = -4096;
export const SHORT = -4097;
export const DEAD = -4098;
export const SKEWED = -4099;

/** Errors after which only opening anew helps. */
const GONE: readonly number[] = [ENODEV, EIO, ENXIO, EBADF, EBADFD, ESHUTDOWN, ETIMEDOUT, DEAD];
const OVERRUN = faultCode("overrun");
const UNDERRUN = faultCode("underrun");
const SUSPENDED = faultCode("suspended");
const STALLED_CODE = faultCode("stalled");
const SHORT_CODE = faultCode("shortTransfer");
const DISCONNECTED = faultCode("disconnected");
const OTHER = faultCode("other");

/**
 * The code of the port for a negative answer of the library on one direction. A time-out of the driver itself means that
 * its transfers are dead, and counts as disconnected: only opening anew helps.
 */
export function codeOfError(error: number, stream: number): number {
  if (error === EPIPE) return stream === STREAM_CAPTURE ? OVERRUN : UNDERRUN;
  if (error === ESTRPIPE) return SUSPENDED;
  if (error === STALLED) return STALLED_CODE;
  if (error === SHORT) return SHORT_CODE;
  return GONE.includes(error) ? DISCONNECTED : OTHER;
}

/** A PCM of the kernel's own (SND_PCM_TYPE_HW), with nothing of software before it. */
export const TYPE_HARDWARE = 0;

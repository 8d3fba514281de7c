import { AudioError } from "../../src/hal/audio.js";
import { type NativeLibrary, needKoffi } from "../linux/koffi.js";

/** Handle of an open PCM: a pointer that stays the same BigInt, so that passing it makes no garbage. */
export type PcmHandle = bigint;
/** A structure that only the library looks into (`snd_pcm_hw_params_t`). */
type Memory = Uint8Array;
type Words = Uint32Array;

/**
 * The functions of libasound that the driver calls, by their own names without the prefix snd_pcm_. All answer a number,
 * negative errno for an error. Whole numbers come back small, pointers never, so no call makes garbage.
 */
export interface Libasound {
  open(handle: BigUint64Array, name: string, stream: number, mode: number): number;
  close(pcm: PcmHandle): number;
  strerror(code: number): string;
  /** What kind of PCM it is: TYPE_HARDWARE, or one of software. */
  type(pcm: PcmHandle): number;
  link(one: PcmHandle, other: PcmHandle): number;
  unlink(pcm: PcmHandle): number;
  prepare(pcm: PcmHandle): number;
  start(pcm: PcmHandle): number;
  drop(pcm: PcmHandle): number;
  resume(pcm: PcmHandle): number;
  state(pcm: PcmHandle): number;
  wait(pcm: PcmHandle, timeoutMs: number): number;
  /** Frames ready by the device's last report, and after asking it anew. */
  avail_update(pcm: PcmHandle): number;
  avail(pcm: PcmHandle): number;
  readi(pcm: PcmHandle, to: Uint8Array, frames: number): number;
  writei(pcm: PcmHandle, from: Uint8Array, frames: number): number;

  hw_params_sizeof(): number;
  hw_params_any(pcm: PcmHandle, params: Memory): number;
  hw_params_set_access(pcm: PcmHandle, params: Memory, access: number): number;
  hw_params_test_format(pcm: PcmHandle, params: Memory, format: number): number;
  hw_params_set_format(pcm: PcmHandle, params: Memory, format: number): number;
  hw_params_set_channels(pcm: PcmHandle, params: Memory, channels: number): number;
  hw_params_set_rate_resample(pcm: PcmHandle, params: Memory, isAllowed: number): number;
  hw_params_set_rate(pcm: PcmHandle, params: Memory, rateHz: number, direction: number): number;
  hw_params_set_period_size(pcm: PcmHandle, params: Memory, frames: number, direction: number): number;
  hw_params_set_buffer_size(pcm: PcmHandle, params: Memory, frames: number): number;
  hw_params(pcm: PcmHandle, params: Memory): number;
  hw_params_current(pcm: PcmHandle, params: Memory): number;
  hw_params_get_format(params: Memory, format: Words): number;
  hw_params_get_rate(params: Memory, rateHz: Words, direction: Words): number;
  hw_params_get_period_size(params: Memory, frames: Words, direction: Words): number;
  hw_params_get_buffer_size(params: Memory, frames: Words): number;
  hw_params_get_channels_min(params: Memory, channels: Words): number;
  hw_params_get_channels_max(params: Memory, channels: Words): number;
  hw_params_get_rate_min(params: Memory, rateHz: Words, direction: Words): number;
  hw_params_get_rate_max(params: Memory, rateHz: Words, direction: Words): number;
  hw_params_get_period_size_min(params: Memory, frames: Words, direction: Words): number;
  hw_params_get_period_size_max(params: Memory, frames: Words, direction: Words): number;
  hw_params_get_periods_min(params: Memory, periods: Words, direction: Words): number;
  hw_params_get_periods_max(params: Memory, periods: Words, direction: Words): number;

  sw_params_sizeof(): number;
  sw_params_current(pcm: PcmHandle, params: Memory): number;
  sw_params_set_start_threshold(pcm: PcmHandle, params: Memory, frames: number): number;
  sw_params_set_stop_threshold(pcm: PcmHandle, params: Memory, frames: number): number;
  sw_params_set_silence_threshold(pcm: PcmHandle, params: Memory, frames: number): number;
  /** Frames after which the library's counts begin anew: too large for a number. */
  sw_params_get_boundary(params: Memory, frames: BigUint64Array): number;
  sw_params_set_silence_size(pcm: PcmHandle, params: Memory, frames: bigint): number;
  sw_params_set_avail_min(pcm: PcmHandle, params: Memory, frames: number): number;
  sw_params_set_tstamp_mode(pcm: PcmHandle, params: Memory, mode: number): number;
  sw_params_set_tstamp_type(pcm: PcmHandle, params: Memory, type: number): number;
  sw_params(pcm: PcmHandle, params: Memory): number;
}

const PCM = "void *pcm";
const PARAMS = "void *params";
const PCM_PARAMS = `${PCM}, ${PARAMS}`;
const OUT = "void *value";
const OUT_DIRECTION = `${OUT}, void *direction`;

/** Name without prefix → arguments as C declares them; all return int but those of RETURNS. */
const ARGUMENTS: Readonly<Record<Exclude<keyof Libasound, "strerror">, string>> = {
  open: "void *handle, const char *name, int stream, int mode",
  close: PCM,
  type: PCM,
  link: "void *one, void *other",
  unlink: PCM, prepare: PCM, start: PCM, drop: PCM, resume: PCM, state: PCM, avail_update: PCM, avail: PCM,
  wait: `${PCM}, int timeout`,
  readi: `${PCM}, void *to, unsigned long frames`,
  writei: `${PCM}, void *from, unsigned long frames`,
  hw_params_sizeof: "void",
  hw_params_any: PCM_PARAMS, hw_params: PCM_PARAMS, hw_params_current: PCM_PARAMS,
  hw_params_set_access: `${PCM_PARAMS}, int access`,
  hw_params_test_format: `${PCM_PARAMS}, int format`,
  hw_params_set_format: `${PCM_PARAMS}, int format`,
  hw_params_set_channels: `${PCM_PARAMS}, unsigned int channels`,
  hw_params_set_rate_resample: `${PCM_PARAMS}, unsigned int allowed`,
  hw_params_set_rate: `${PCM_PARAMS}, unsigned int rate, int direction`,
  hw_params_set_period_size: `${PCM_PARAMS}, unsigned long frames, int direction`,
  hw_params_set_buffer_size: `${PCM_PARAMS}, unsigned long frames`,
  hw_params_get_format: `${PARAMS}, ${OUT}`,
  hw_params_get_rate: `${PARAMS}, ${OUT_DIRECTION}`,
  hw_params_get_period_size: `${PARAMS}, ${OUT_DIRECTION}`,
  hw_params_get_buffer_size: `${PARAMS}, ${OUT}`,
  hw_params_get_channels_min: `${PARAMS}, ${OUT}`,
  hw_params_get_channels_max: `${PARAMS}, ${OUT}`,
  hw_params_get_rate_min: `${PARAMS}, ${OUT_DIRECTION}`,
  hw_params_get_rate_max: `${PARAMS}, ${OUT_DIRECTION}`,
  hw_params_get_period_size_min: `${PARAMS}, ${OUT_DIRECTION}`,
  hw_params_get_period_size_max: `${PARAMS}, ${OUT_DIRECTION}`,
  hw_params_get_periods_min: `${PARAMS}, ${OUT_DIRECTION}`,
  hw_params_get_periods_max: `${PARAMS}, ${OUT_DIRECTION}`,
  sw_params_sizeof: "void",
  sw_params_current: PCM_PARAMS, sw_params: PCM_PARAMS,
  sw_params_set_start_threshold: `${PCM_PARAMS}, unsigned long frames`,
  sw_params_set_stop_threshold: `${PCM_PARAMS}, unsigned long frames`,
  sw_params_set_silence_threshold: `${PCM_PARAMS}, unsigned long frames`,
  sw_params_get_boundary: `${PARAMS}, ${OUT}`,
  sw_params_set_silence_size: `${PCM_PARAMS}, unsigned long frames`,
  sw_params_set_avail_min: `${PCM_PARAMS}, unsigned long frames`,
  sw_params_set_tstamp_mode: `${PCM_PARAMS}, int mode`,
  sw_params_set_tstamp_type: `${PCM_PARAMS}, int type`,
};
const RETURNS: Readonly<Partial<Record<keyof Libasound, string>>> = {
  readi: "long", writei: "long", avail: "long", avail_update: "long",
  hw_params_sizeof: "size_t", sw_params_sizeof: "size_t",
};

/**
 * Keeps the library from printing on the standard error: what it has to say is answered, and a card that stays away would
 * fill the log. Its handler becomes a function of its own that does nothing.
 */
export function silence(library: NativeLibrary): void {
  library.func<(handler: unknown) => number>("int snd_lib_error_set_handler(void *handler)")(library.symbol("snd_asoundlib_version"));
}

let bound: Libasound | undefined;

/**
 * The ALSA library of the system, bound once for all: a function bound by `koffi` is never given back, and a card that
 * stays away is looked for again and again.
 * @throws AudioError of kind "missing" where `koffi` or the library is not installed.
 */
export function openLibasound(): Libasound {
  bound ??= bindLibasound();
  return bound;
}

function bindLibasound(): Libasound {
  const koffi = needKoffi();
  try {
    const library = koffi.load("libasound.so.2");
    silence(library);
    const calls: Record<string, unknown> = { strerror: library.func("const char *snd_strerror(int code)") };
    for (const [name, parameters] of Object.entries(ARGUMENTS)) {
      const returned = RETURNS[name as keyof Libasound] ?? "int";
      calls[name] = library.func(`${returned} snd_pcm_${name}(${parameters})`);
    }
    return calls as unknown as Libasound;
  } catch (cause) {
    throw new AudioError("missing", "The ALSA library libasound.so.2 is not installed: run `apt install libasound2`.", { cause });
  }
}

import { AudioError, type AudioRequest, PCM_FORMATS, type PcmFormat } from "../../src/hal/audio.js";
import {
  ACCESS_RW_INTERLEAVED, FORMAT_NUMBERS, STREAM_CAPTURE, STREAM_PLAYBACK, TSTAMP_ENABLE, TSTAMP_TYPE_MONOTONIC,
} from "./alsa-constants.js";
import type { Libasound, PcmHandle } from "./libasound.js";

/** No stream starts by itself: the sum of all buffers is far below. */
const NEVER_FRAMES = 0x7fffffff;
const STEREO = 2;
/** Those of the recorder, and those of the monitor. */
const WITH_MONITOR = 4;
/** Plugs offer thousands; no card that is looked for has more. */
const MOST_CHANNELS = 32;

/** An open PCM that waits for its figures. */
export interface OpenPcm {
  readonly handle: PcmHandle;
  readonly device: string;
  /** STREAM_CAPTURE or STREAM_PLAYBACK. */
  readonly stream: number;
}

/** What both directions were set to. */
export interface PcmChoice {
  readonly format: PcmFormat;
  readonly captureChannels: number;
  readonly playbackChannels: number;
}

/** A PCM with a set of configurations that it still could take. */
class Choice {
  readonly params: Uint8Array;
  #channels: number;
  readonly #value = new Uint32Array(2);
  readonly #direction = new Uint32Array(1);

  /** @param leastChannels - channels that are needed; the device may have more */
  constructor(readonly lib: Libasound, readonly pcm: OpenPcm, readonly leastChannels: number) {
    this.params = new Uint8Array(lib.hw_params_sizeof());
    this.#channels = leastChannels;
    if (this.reset()) return;
    const most = Math.min(MOST_CHANNELS, this.figure(lib.hw_params_get_channels_max));
    while (this.#channels < most) {
      this.#channels++;
      if (this.reset()) return;
    }
  }

  /** Channels that the device is used with: as few as it has, and as are needed. */
  get channels(): number {
    return this.#channels;
  }

  /** All that the device offers for interleaved sound of these channels at its own rate. */
  reset(): boolean {
    const { lib, pcm, params } = this;
    return lib.hw_params_any(pcm.handle, params) >= 0 &&
      lib.hw_params_set_rate_resample(pcm.handle, params, 0) >= 0 &&
      lib.hw_params_set_access(pcm.handle, params, ACCESS_RW_INTERLEAVED) >= 0 &&
      lib.hw_params_set_channels(pcm.handle, params, this.#channels) >= 0;
  }

  get name(): string {
    return `${this.pcm.device} (${this.pcm.stream === STREAM_CAPTURE ? "capture" : "playback"})`;
  }

  /** What one of the getters of hw_params says; 0 where it has no answer. */
  figure(getter: (params: Uint8Array, value: Uint32Array, direction: Uint32Array) => number): number {
    this.#value.fill(0);
    return getter(this.params, this.#value, this.#direction) < 0 ? 0 : (this.#value[0] as number);
  }

  get formats(): readonly PcmFormat[] {
    return PCM_FORMATS.filter((format) => this.lib.hw_params_test_format(this.pcm.handle, this.params, FORMAT_NUMBERS[format]) >= 0);
  }

  /** What the device offers, in words. */
  get offer(): string {
    const { lib } = this;
    if (!this.reset()) {
      lib.hw_params_any(this.pcm.handle, this.params);
      const channels = range(this.figure(lib.hw_params_get_channels_min), this.figure(lib.hw_params_get_channels_max));
      return `it does not move interleaved sound of ${this.leastChannels} channels; it has ${channels}`;
    }
    const rates = range(this.figure(lib.hw_params_get_rate_min), this.figure(lib.hw_params_get_rate_max));
    const periods = range(this.figure(lib.hw_params_get_period_size_min), this.figure(lib.hw_params_get_period_size_max));
    const counts = range(this.figure(lib.hw_params_get_periods_min), this.figure(lib.hw_params_get_periods_max));
    return `it offers ${rates} Hz, ${periods} frames a period, ${counts} periods, ${this.formats.join(" ") || "no known format"}`;
  }

  refuse(what: string): AudioError {
    return new AudioError("unsupported", `The sound device ${this.name} refuses ${what}: ${this.offer}.`);
  }
}

function range(lowest: number, highest: number): string {
  return lowest === highest ? String(lowest) : `${lowest} to ${highest}`;
}

/**
 * Gives both directions the same figures, exactly those of the request, and reads them back. Of a card with more channels than
 * are needed the first are used.
 * @param pcms - capture and playback
 * @returns the format chosen, the first of the request that both directions take, and the channels of each
 * @throws AudioError of kind "unsupported" that says what the device offers.
 */
export function configurePcms(lib: Libasound, pcms: readonly [OpenPcm, OpenPcm], request: AudioRequest): PcmChoice {
  const [capture, playback] = [new Choice(lib, pcms[0], STEREO), new Choice(lib, pcms[1], request.wantsMonitor === true ? WITH_MONITOR : STEREO)];
  const choices = [capture, playback];
  for (const choice of choices) if (!choice.reset()) throw choice.refuse(`interleaved sound of ${choice.leastChannels} channels`);
  const format = request.formats.find((wanted) => choices.every((choice) => choice.formats.includes(wanted)));
  if (format === undefined) {
    const poorer = choices.find((choice) => !choice.formats.some((offered) => request.formats.includes(offered))) ?? capture;
    throw poorer.refuse(`the formats ${request.formats.join(" ")} in both directions`);
  }
  // Cards that share one clock fix the rate and width of the second stream by the first: each is set and applied in turn.
  for (const choice of choices) {
    choice.reset();
    applyHardware(choice, request, format);
    applySoftware(choice, request);
  }
  return { format, captureChannels: capture.channels, playbackChannels: playback.channels };
}

function applyHardware(choice: Choice, request: AudioRequest, format: PcmFormat): void {
  const { lib, params, pcm: { handle } } = choice;
  const { sampleRateHz, periodFrames, periods } = request;
  const steps: readonly (readonly [string, () => number])[] = [
    [`the format ${format}`, () => lib.hw_params_set_format(handle, params, FORMAT_NUMBERS[format])],
    [`${sampleRateHz} Hz`, () => lib.hw_params_set_rate(handle, params, sampleRateHz, 0)],
    [`periods of ${periodFrames} frames`, () => lib.hw_params_set_period_size(handle, params, periodFrames, 0)],
    [`${periods} periods of ${periodFrames} frames`, () => lib.hw_params_set_buffer_size(handle, params, periods * periodFrames)],
    ["these figures together", () => lib.hw_params(handle, params)],
  ];
  for (const [what, step] of steps) if (step() < 0) throw choice.refuse(what);
  readBack(choice, request, format);
}

/** A driver that took the figures and runs with others would shift the pitch or the delay: it is refused. */
function readBack(choice: Choice, request: AudioRequest, format: PcmFormat): void {
  const { lib, params, pcm: { handle } } = choice;
  lib.hw_params_current(handle, params);
  const wanted = [FORMAT_NUMBERS[format], request.sampleRateHz, request.periodFrames, request.periods * request.periodFrames];
  const got = [
    choice.figure(lib.hw_params_get_format), choice.figure(lib.hw_params_get_rate),
    choice.figure(lib.hw_params_get_period_size), choice.figure(lib.hw_params_get_buffer_size),
  ];
  if (wanted.every((figure, n) => figure === got[n])) return;
  const formatName = PCM_FORMATS.find((name) => FORMAT_NUMBERS[name] === got[0]) ?? `format ${got[0]}`;
  throw new AudioError("unsupported", `The sound device ${choice.name} was asked for ${format}, ${request.sampleRateHz} Hz and ` +
    `${request.periods} periods of ${request.periodFrames} frames, and runs with ${formatName}, ${got[1]} Hz, ` +
    `periods of ${got[2]} and a buffer of ${got[3]} frames: choose figures that it keeps.`);
}

function applySoftware(choice: Choice, request: AudioRequest): void {
  const { lib, pcm: { handle } } = choice;
  const params = new Uint8Array(lib.sw_params_sizeof());
  const isTaken = lib.sw_params_current(handle, params) >= 0 &&
    lib.sw_params_set_start_threshold(handle, params, NEVER_FRAMES) >= 0 &&
    lib.sw_params_set_stop_threshold(handle, params, request.periods * request.periodFrames) >= 0 &&
    lib.sw_params_set_silence_threshold(handle, params, 0) >= 0 &&
    lib.sw_params_set_avail_min(handle, params, request.periodFrames) >= 0 &&
    lib.sw_params_set_tstamp_mode(handle, params, TSTAMP_ENABLE) >= 0 &&
    lib.sw_params_set_tstamp_type(handle, params, TSTAMP_TYPE_MONOTONIC) >= 0 &&
    (playsSilence(choice, params) || lib.sw_params(handle, params) >= 0);
  if (!isTaken) throw choice.refuse("to be started by hand and to stop when its buffer runs over or dry");
}

/**
 * Asks that what was played be overwritten by silence: else hardware that reads the ring by itself plays old sound once
 * more, from when it runs dry until it is stopped. A driver that refuses is used without.
 */
function playsSilence({ lib, pcm: { handle, stream } }: Choice, params: Uint8Array): boolean {
  const boundary = new BigUint64Array(1);
  if (stream !== STREAM_PLAYBACK || lib.sw_params_get_boundary(params, boundary) < 0) return false;
  if (lib.sw_params_set_silence_size(handle, params, boundary[0] as bigint) >= 0 && lib.sw_params(handle, params) >= 0) return true;
  lib.sw_params_set_silence_size(handle, params, 0n);
  return false;
}

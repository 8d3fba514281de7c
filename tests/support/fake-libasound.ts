import { expect } from "vitest";
import type { Libasound, PcmHandle } from "../../hw/alsa/libasound.js";

const SETUP = 1;
const PREPARED = 2;
const RUNNING = 3;
const XRUN = 4;
const SUSPENDED = 7;
const STREAM_CAPTURE = 1;
const EAGAIN = -11;
const EPIPE = -32;
const ESTRPIPE = -86;
const EBADFD = -77;

interface FakePcm {
  readonly stream: number;
  state: number;
  /** Frames captured or played, and moved by the program, since it was prepared. */
  passed: number;
  moved: number;
}

/**
 * A card whose two streams can be linked, as those of the kernel: one trigger starts and stops both, and each state
 * allows what snd_pcm(3) says and no more. A period passes with each wait.
 */
export class FakeLibasound {
  /** The calls that change a state, by name, with `c` or `p` for the stream. */
  readonly calls: string[] = [];
  /** What the card says it was set to; undefined is what was asked. */
  rateLie: number | undefined;
  /** Whether the card takes nothing any more although it says it could. */
  isDead = false;
  resumeRefusals = 0;
  readonly #pcms: FakePcm[] = [];
  readonly #asked = { format: 0, rate: 0, period: 0, buffer: 0 };
  #isLinked = false;

  get isLinked(): boolean {
    return this.#isLinked;
  }

  /** Frames that were written and not yet played, when the streams run. */
  get queuedFrames(): number {
    const playback = this.#pcms.find(({ stream }) => stream !== STREAM_CAPTURE)!;
    return playback.moved - playback.passed;
  }

  /** Lets every stream meet an xrun, or the system suspend them. */
  break(state: "xrun" | "suspended"): void {
    for (const pcm of this.#pcms) pcm.state = state === "xrun" ? XRUN : SUSPENDED;
  }

  /** The library as the driver calls it; what is not there must not be called. */
  library(): Libasound {
    const calls: Partial<Libasound> = {
      open: (handle, _name, stream) => {
        handle[0] = BigInt(this.#pcms.push({ stream, state: SETUP, passed: 0, moved: 0 }) - 1);
        return 0;
      },
      close: () => 0,
      type: () => 0,
      strerror: (code) => `error ${code}`,
      link: () => this.#link(true),
      unlink: () => this.#link(false),
      state: (pcm) => this.#pcm(pcm).state,
      prepare: (pcm) => this.#prepare(pcm),
      start: (pcm) => this.#start(pcm),
      drop: (pcm) => this.#drop(pcm),
      resume: (pcm) => this.#resume(pcm),
      wait: () => this.#passPeriod(),
      avail_update: (pcm) => this.#available(pcm),
      avail: (pcm) => this.#available(pcm),
      readi: (pcm, _to, frames) => this.#move(pcm, frames),
      writei: (pcm, _from, frames) => this.#move(pcm, frames),
      ...this.#parameterCalls(),
    };
    return calls as Libasound;
  }

  #parameterCalls(): Partial<Libasound> {
    const asked = this.#asked;
    const set = (name: keyof typeof asked) => (_pcm: PcmHandle, _params: Uint8Array, value: number): number => {
      asked[name] = value;
      return 0;
    };
    const get = (figure: () => number) => (_params: Uint8Array, value: Uint32Array): number => {
      value[0] = figure();
      return 0;
    };
    const ok = (): number => 0;
    return {
      hw_params_sizeof: () => 8, sw_params_sizeof: () => 8, hw_params_any: ok, hw_params: ok, hw_params_current: ok,
      hw_params_set_access: ok, hw_params_set_channels: ok, hw_params_set_rate_resample: ok, hw_params_test_format: ok,
      hw_params_set_format: set("format"), hw_params_set_rate: set("rate"),
      hw_params_set_period_size: set("period"), hw_params_set_buffer_size: set("buffer"),
      hw_params_get_format: get(() => asked.format), hw_params_get_rate: get(() => this.rateLie ?? asked.rate),
      hw_params_get_period_size: get(() => asked.period), hw_params_get_buffer_size: get(() => asked.buffer),
      sw_params_current: ok, sw_params: ok, sw_params_set_start_threshold: ok, sw_params_set_stop_threshold: ok,
      sw_params_set_silence_threshold: ok, sw_params_get_boundary: ok,
      sw_params_set_silence_size: ok, sw_params_set_avail_min: ok, sw_params_set_tstamp_mode: ok, sw_params_set_tstamp_type: ok,
    };
  }

  #pcm(handle: PcmHandle): FakePcm {
    return this.#pcms[Number(handle)]!;
  }

  /** Those that a trigger of this one reaches. */
  #group(handle: PcmHandle): readonly FakePcm[] {
    return this.#isLinked ? this.#pcms : [this.#pcm(handle)];
  }

  #say(call: string, handle: PcmHandle): FakePcm {
    const pcm = this.#pcm(handle);
    this.calls.push(`${call} ${pcm.stream === STREAM_CAPTURE ? "c" : "p"}`);
    return pcm;
  }

  #link(isLinked: boolean): number {
    this.calls.push(isLinked ? "link" : "unlink");
    if (isLinked && this.#pcms[0]!.state !== this.#pcms[1]!.state) return EBADFD;
    expect(this.#isLinked, "link and unlink in turn").toBe(!isLinked);
    this.#isLinked = isLinked;
    return 0;
  }

  #prepare(handle: PcmHandle): number {
    this.#say("prepare", handle);
    for (const pcm of this.#group(handle)) Object.assign(pcm, { state: PREPARED, passed: 0, moved: 0 });
    return 0;
  }

  #start(handle: PcmHandle): number {
    this.#say("start", handle);
    const group = this.#group(handle);
    if (group.some(({ state }) => state !== PREPARED)) return EBADFD;
    for (const pcm of group) pcm.state = RUNNING;
    return 0;
  }

  #drop(handle: PcmHandle): number {
    this.#say("drop", handle);
    for (const pcm of this.#group(handle)) pcm.state = SETUP;
    return 0;
  }

  #resume(handle: PcmHandle): number {
    this.#say("resume", handle);
    if (this.resumeRefusals-- > 0) return EAGAIN;
    for (const pcm of this.#group(handle)) pcm.state = RUNNING;
    return 0;
  }

  #passPeriod(): number {
    for (const pcm of this.#pcms) if (pcm.state === RUNNING) pcm.passed += this.#asked.period;
    return 1;
  }

  #available(handle: PcmHandle): number {
    const { state, stream, passed, moved } = this.#pcm(handle);
    if (state === XRUN) return EPIPE;
    if (state === SUSPENDED) return ESTRPIPE;
    return stream === STREAM_CAPTURE ? passed - moved : this.#asked.buffer - (moved - passed);
  }

  #move(handle: PcmHandle, frames: number): number {
    if (this.isDead) return 0;
    const moved = Math.min(frames, this.#available(handle));
    this.#pcm(handle).moved += moved;
    return moved > 0 ? moved : EAGAIN;
  }
}

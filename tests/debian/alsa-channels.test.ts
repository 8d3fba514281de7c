import { afterEach, describe, expect, it } from "vitest";
import { AlsaAudio } from "../../hw/alsa/alsa-audio.js";
import { systemClock } from "../../hw/linux/clock.js";
import { type AudioRequest, BYTES_PER_SAMPLE, PCM_FORMATS, type PcmFormat } from "../../src/hal/audio.js";
import { describeAudioDuplex } from "../contracts/audio-duplex.js";
import { FaultyCard } from "../support/faulty-card.js";

const REQUEST: AudioRequest = { sampleRateHz: 48000, periodFrames: 64, periods: 3, formats: ["S32_LE"] };
const DELAY_FRAMES = REQUEST.periods * REQUEST.periodFrames;
const ENODEV = 19;
/** As ALSA numbers them. */
const FORMAT_NUMBERS: Readonly<Record<PcmFormat, number>> = { S16_LE: 2, S24_LE: 6, S32_LE: 10, FLOAT_LE: 14, S24_3LE: 32 };

let card: FaultyCard;
let audio: AlsaAudio;

function insert(captureChannels: number, playbackChannels: number, format: PcmFormat = "S32_LE"): void {
  card = new FaultyCard();
  process.env["ALSA_CONFIG_PATH"] = card.configPath;
  card.set({ isVirtual: 1, captureChannels, playbackChannels, isHardware: 1, offeredFormat: FORMAT_NUMBERS[format] });
  audio = new AlsaAudio({ captureDevice: "faulty", playbackDevice: "faulty" }, systemClock());
}

/** Passes `rounds` periods on; the monitor gets those of the card with each bit turned over. */
function pass(format: PcmFormat, rounds: number): void {
  const bytes = 2 * BYTES_PER_SAMPLE[format] * REQUEST.periodFrames;
  const block = { buffer: new SharedArrayBuffer(2 * bytes), address: 0, bytes, monitorAddress: bytes };
  const [main, monitor] = [0, bytes].map((address) => new Uint8Array(block.buffer, address, bytes)) as [Uint8Array, Uint8Array];
  expect(audio.start(block), audio.detail).toBe(0);
  for (let round = 0; round < rounds; round++) {
    expect(audio.read(), audio.detail).toBe(REQUEST.periodFrames);
    main.forEach((byte, k) => (monitor[k] = byte ^ 0xff));
    expect(audio.write(), audio.detail).toBe(REQUEST.periodFrames);
  }
  audio.close();
}

describe("the ALSA driver on a card with more than two channels", () => {
  afterEach(() => {
    audio.close();
    card.remove();
  });

  it.each(PCM_FORMATS)("records the first two of six, plays them on 1 and 2 of four with all bits of %s, and the monitor's period on 3 and 4 in the same frame", (format) => {
    insert(6, 4, format);
    // The card moves a period in several transfers, as some do.
    card.set({ captureMostFrames: 10, playbackMostFrames: 7 });
    expect(audio.open({ ...REQUEST, formats: [format], wantsMonitor: true })).toMatchObject({ format, hasMonitor: true });
    pass(format, 40);
    const stereo = 2 * BYTES_PER_SAMPLE[format];
    const recorded = card.recordedBytes();
    let frames = 0;
    for (let at = 0; at < recorded.length; at += 2 * stereo) {
      const [main, monitor] = [recorded.subarray(at, at + stereo), recorded.subarray(at + stereo, at + 2 * stereo)];
      if (main.every((byte) => byte === 0)) continue;
      expect(monitor).toEqual(main.map((byte) => byte ^ 0xff));
      frames++;
    }
    // What is in the playback buffer at the end is not heard; of 16 bits the first counts are less than a step.
    expect(frames).toBeGreaterThan(64 * 40 - DELAY_FRAMES - 256);
  });

  it("plays each frame of the mixer on the first two of eight, the playback buffer later, and silence on the others, without a monitor", () => {
    insert(2, 8);
    expect(audio.open(REQUEST).hasMonitor).toBe(false);
    pass("S32_LE", 40);
    const bytes = card.recordedBytes();
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    const heard = Array.from({ length: words.length >> 3 }, (_, frame) => [...words.subarray(8 * frame, 8 * frame + 8)]);
    const first = heard.findIndex(([left]) => left !== 0);
    expect(heard.length - first).toBeGreaterThanOrEqual(64 * 40 - DELAY_FRAMES);
    heard.slice(first).forEach((frame, n) => {
      const count = 256 * (first + n - DELAY_FRAMES + 1);
      expect(frame).toEqual([count, -count, 0, 0, 0, 0, 0, 0]);
    });
  });

  it("does without the monitor where the card has two outputs, and says so", () => {
    insert(2, 2);
    expect(audio.open({ ...REQUEST, wantsMonitor: true }).hasMonitor).toBe(false);
    pass("S32_LE", 5);
  });

  it("plays no monitor through a device of software with four channels: a plug drops two of them, and a sound server may mix them into those of the recorder", () => {
    insert(2, 4);
    card.set({ isHardware: 0 });
    expect(audio.open({ ...REQUEST, wantsMonitor: true }).hasMonitor).toBe(false);
    pass("S32_LE", 40);
    const bytes = card.recordedBytes();
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    expect(words.some((word, k) => k % 4 < 2 && word !== 0)).toBe(true);
    expect(words.some((word, k) => k % 4 >= 2 && word !== 0)).toBe(false);
  });

  it("refuses a card of one channel with what it has", () => {
    insert(1, 2);
    expect(() => audio.open(REQUEST)).toThrow(expect.objectContaining({
      kind: "unsupported",
      message: "The sound device faulty (capture) refuses interleaved sound of 2 channels: it does not move interleaved sound of 2 channels; it has 1.",
    }));
  });
});

describeAudioDuplex("AlsaAudio on a card of six inputs and four outputs, with a monitor, 64 x 3", () => {
  insert(6, 4);
  const own = card;
  return {
    device: audio,
    request: { ...REQUEST, formats: PCM_FORMATS, wantsMonitor: true },
    hasMonitor: true,
    refused: { ...REQUEST, sampleRateHz: 40000 },
    causes: {
      overrun: { begin: () => own.set({ captureXruns: 1 }) },
      underrun: { begin: () => own.set({ playbackXruns: 1 }) },
      suspended: { begin: () => own.set({ captureSuspends: 1 }) },
      stalled: { begin: () => own.set({ isStopped: 1 }), end: () => own.set({ isStopped: 0 }) },
      disconnected: {
        begin: () => own.set({ captureError: ENODEV, captureErrorCount: -1, openError: ENODEV }),
        end: () => own.set({ captureError: 0, openError: 0 }),
      },
    },
    dispose: () => own.remove(),
  };
});

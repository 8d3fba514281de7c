import { describe, expect, it } from "vitest";
import { BOARDS } from "../../../hw/boards/boards.js";
import { checkSoundFormat } from "../../../src/cli/doctor/format-checks.js";
import type { Finding } from "../../../src/cli/doctor/finding.js";
import { loadBoxConfig } from "../../../src/config/box-config.js";
import { findBoard } from "../../../src/hal/board.js";
import { fakeMachine } from "../../support/fake-machine.js";

const { config: DEFAULTS } = loadBoxConfig(undefined);

function check(card: string, files: Readonly<Record<string, string>> = {}, audio: Partial<typeof DEFAULTS.audio> = {}): Finding[] {
  const paths = Object.fromEntries(Object.entries(files).map(([name, text]) => [`/proc/asound/${card}/${name}`, text]));
  return checkSoundFormat(fakeMachine({ files: paths }), { card, board: findBoard(BOARDS, "auto", card) }, { audio: { ...DEFAULTS.audio, ...audio } });
}

// The form of stream0 (sound/usb/proc.c) and hw_params (sound/core/pcm.c).
const direction = (name: string, format: string, rates: string): string =>
  `${name}:\n  Status: Stop\n  Interface 1\n    Altset 1\n    Format: ${format}\n    Channels: 2\n    Endpoint: 0x01 (1 OUT) (ASYNC)\n    Rates: ${rates}\n`;
const stream0 = (format: string, rates: string, captureRates = rates): string =>
  `Interface at usb-1.2, high speed : USB Audio\n\n${direction("Playback", format, rates)}\n${direction("Capture", format, captureRates)}`;
const params = (format: string, rateHz: number): string =>
  `access: RW_INTERLEAVED\nformat: ${format}\nsubformat: STD\nchannels: 2\nrate: ${rateHz} (${rateHz}/1)\nperiod_size: 64\nbuffer_size: 192\n`;

describe("the doctor's look at the sound format", () => {
  it("says what the board offers, and leaves what it does not to the look at the configuration", () => {
    expect(check("pisound")).toMatchObject([{ level: "ok", sentence: "The Pisound has 48000 Hz and S32_LE." }]);
    expect(check("pisound", {}, { sampleRateHz: 44_100 })).toEqual([]);
  });

  it("takes a USB card at its word, in both directions", () => {
    expect(check("Scarlett", { stream0: stream0("S32_LE", "44100, 48000") })).toMatchObject([{ level: "ok", sentence: expect.stringMatching(/48000 Hz and S32_LE/) as unknown }]);
    expect(check("Codec", { stream0: stream0("S16_LE", "8000 - 48000 (continuous)") })).toMatchObject([{ level: "ok", sentence: expect.stringMatching(/and S16_LE/) as unknown }]);
    expect(check("Codec", { stream0: stream0("S16_LE", "44100, 48000", "44100") })).toMatchObject([{ level: "problem",
      sentence: "The card Codec does not have 48000 Hz; it has S16_LE at 44100, 48000 Hz.", remedy: expect.stringContaining("audio.sampleRateHz") as unknown }]);
    expect(check("Codec", { stream0: stream0("S16_LE", "48000") }, { formats: ["S32_LE", "S24_3LE"] })).toMatchObject([{ level: "problem",
      sentence: "The card Codec does not have S32_LE, S24_3LE; it has S16_LE at 48000 Hz.", remedy: expect.stringContaining("audio.formats") as unknown }]);
  });

  it("tells what the card runs with, and when that is another rate than the one asked for", () => {
    expect(check("pisound", { "pcm0p/sub0/hw_params": params("S24_LE", 48_000) })).toMatchObject([{ level: "ok", sentence: "The card pisound runs at 48000 Hz with S24_LE." }]);
    expect(check("pisound", { "pcm0p/sub0/hw_params": "closed\n", "pcm0c/sub0/hw_params": params("S32_LE", 96_000) })).toMatchObject([{ level: "warning",
      sentence: "The card pisound runs at 96000 Hz, the configuration asks for 48000 Hz." }]);
    expect(check("pisound", { "pcm0p/sub0/hw_params": "closed\n" })).toMatchObject([{ level: "ok", sentence: "The Pisound has 48000 Hz and S32_LE." }]);
  });
});

import { PCM_FORMATS, type PcmFormat } from "../../src/hal/audio.js";
import type { Board } from "../../src/hal/board.js";
import { AUDIOINJECTOR_STEREO, HIFIBERRY_DAC_ADC_PRO, IQAUDIO_CODEC_ZERO, WM8960 } from "./mixers.js";

/** Where the panel hangs on a HAT that takes no pins of its own, by the names of the default controls. */
const FREE_HEADER: Board["pins"] = new Map([
  ["threshold", [5, 6]], ["ratio", [12, 13]], ["drive", [16, 26]],
  ["bypass", [17]], ["compare", [27]], ["target", [24]], ["song", [22]],
  ["clip", [23]], ["reduction", [7]], ["bypassed", [8]], ["network", [10]], ["relay", [25]],
]);
const NOTHING_TAKEN: Board["takenPins"] = new Map();
const UP_TO_192K: readonly number[] = [44100, 48000, 88200, 96000, 176400, 192000];
const UP_TO_96K: readonly number[] = [44100, 48000, 88200, 96000];
/** Those of the I2S of a Raspberry Pi (sound/soc/bcm/bcm2835-i2s.c). */
const I2S_FORMATS: readonly PcmFormat[] = ["S32_LE", "S24_LE", "S16_LE"];

function taken(owner: string, ...pins: readonly number[]): readonly (readonly [number, string])[] {
  return pins.map((pin) => [pin, owner]);
}

/**
 * The boards that are known by their sound card. What they take of the header is in the overlays of the Raspberry Pi kernel,
 * formats and rates are in their drivers there (sound/soc/bcm); I2C and I2S, which every one of them takes, are not repeated.
 * The relay is on a pin that is pulled down at power-on (9 to 27), and nothing but a light on 14, which the serial console drives.
 */
export const BOARDS: readonly Board[] = [
  {
    id: "hifiberry-dacplusadcpro", name: "HiFiBerry DAC+ADC Pro or DAC2 ADC Pro", cardIds: ["sndrpihifiberry"],
    overlays: ["dtoverlay=hifiberry-dacplusadcpro"],
    // The driver takes 24 bits away from the input: the I2S block extends no sign.
    formats: ["S32_LE", "S16_LE"], sampleRatesHz: UP_TO_192K, mayHaveMonitor: false, mixer: HIFIBERRY_DAC_ADC_PRO,
    takenPins: NOTHING_TAKEN, takenAddresses: [0x4a, 0x4d], pins: FREE_HEADER,
  },
  {
    id: "iqaudio-codec-zero", name: "IQaudio Codec Zero", cardIds: ["IQaudIOCODEC"],
    overlays: ["dtoverlay=iqaudio-codec", "dtoverlay=rpi-codeczero"],
    formats: I2S_FORMATS, sampleRatesHz: UP_TO_96K, mayHaveMonitor: false, mixer: IQAUDIO_CODEC_ZERO,
    // 22 and 25 are the mute and the infrared receiver of its relatives, which bear the same card.
    takenPins: new Map([...taken("the lights of the Codec Zero", 23, 24), ...taken("the button of the Codec Zero", 27),
      ...taken("the mute of IQaudio boards", 22), ...taken("the infrared receiver of IQaudio boards", 25)]),
    takenAddresses: [0x1a],
    pins: new Map([
      ["threshold", [5, 6]], ["ratio", [12, 13]], ["drive", [16, 11]],
      ["bypass", [17]], ["compare", [4]], ["target", [9]], ["song", [10]],
      ["clip", [14]], ["reduction", [7]], ["bypassed", [8]], ["network", [15]], ["relay", [26]],
    ]),
  },
  {
    id: "pisound", name: "Pisound", cardIds: ["pisound"],
    overlays: ["dtoverlay=pisound", "dtoverlay=pisound-pi5"],
    // The gain is a knob on the board: there is nothing to set.
    formats: I2S_FORMATS, sampleRatesHz: [48000, 96000, 192000], mayHaveMonitor: false, mixer: [],
    takenPins: new Map([...taken("the reset of the Pisound", 12, 24), ...taken("the oversampling of the Pisound", 13, 16, 26),
      ...taken("the data line of the Pisound", 25), ...taken("SPI of the Pisound", 7, 8, 9, 10, 11)]),
    takenAddresses: [],
    // Eight pins are left, and the button of the Pisound itself, on 17: no ratio, no compare, one light.
    pins: new Map([
      ["threshold", [5, 6]], ["drive", [22, 23]], ["bypass", [4]], ["target", [15]], ["song", [17]], ["clip", [14]], ["relay", [27]],
    ]),
  },
  {
    id: "wm8960", name: "WM8960 (Waveshare, Seeed)", cardIds: ["wm8960soundcard"],
    overlays: ["dtoverlay=wm8960-soundcard"],
    formats: I2S_FORMATS, sampleRatesHz: [44100, 48000], mayHaveMonitor: false, mixer: WM8960,
    takenPins: new Map([...taken("the button of the WM8960 board", 17), ...taken("the lights of the WM8960 board", 10, 11)]),
    takenAddresses: [0x1a],
    pins: new Map([...FREE_HEADER, ["bypass", [4]], ["network", [9]]]),
  },
  {
    id: "audioinjector-stereo", name: "AudioInjector Stereo", cardIds: ["audioinjectorpi"],
    overlays: ["dtoverlay=audioinjector-wm8731-audio"],
    formats: I2S_FORMATS, sampleRatesHz: UP_TO_96K, mayHaveMonitor: false, mixer: AUDIOINJECTOR_STEREO,
    takenPins: NOTHING_TAKEN, takenAddresses: [0x1a], pins: FREE_HEADER,
  },
  // Any card that is none of the others: what it offers, it says when it is opened.
  {
    id: "usb", name: "USB audio interface", cardIds: [], overlays: [], formats: PCM_FORMATS, sampleRatesHz: UP_TO_192K, mayHaveMonitor: true, mixer: [],
    takenPins: NOTHING_TAKEN, takenAddresses: [], pins: FREE_HEADER,
  },
];

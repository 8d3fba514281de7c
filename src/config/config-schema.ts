import { PCM_FORMATS } from "../hal/audio.js";
import { controlList } from "./controls.js";
import { matching, nameOrPath, oneOf, pathOrNull, range, someOf, textOrNull, trueOrFalse, whole, type Rule } from "./rules.js";
import { parameterValues, presetOrNull, target } from "./start-rules.js";

const DEVICE = "the name of an ALSA device such as \"hw:CARD=sndrpihifiberry\", or null";

/**
 * Every setting of the box: the one place that says what is allowed. config/default.json holds the defaults, and
 * config/settings.md is written from both.
 */
export const CONFIG_SCHEMA = {
  board: matching(/^[a-z0-9]+(-[a-z0-9]+)*$/, "\"auto\", \"sim\" or the id of a board (small letters, digits and hyphens)",
    "The hardware: found by itself, simulated, or a board by its id."),
  audio: {
    driver: oneOf(["auto", "alsa", "stream", "sim"],
      "How the sound device is reached: by the board, directly, through the stream packages, or simulated."),
    captureDevice: textOrNull(DEVICE, "Device that the mixer plays into; null for that of the board."),
    playbackDevice: textOrNull(DEVICE, "Device that the recorder hears; null for that of the board."),
    sampleRateHz: oneOf([44100, 48000, 88200, 96000, 176400, 192000], "Sample rate of both directions, in Hz."),
    periodFrames: whole(16, 1024, "Frames of one block; fewer give less delay and ask more of the processor."),
    periods: whole(2, 4, "Blocks in the playback buffer; its delay is this times the frames of a block."),
    formats: someOf(PCM_FORMATS, "Sample formats that may be used, the best first."),
    monitorOutput: trueOrFalse("Whether outputs 3 and 4 of the device play what is compared, while the recorder on 1 and 2 keeps the mix."),
  },
  simulation: {
    mixer: nameOrPath(["programme", "pink", "sine", "silence"], "What the simulated mixer plays: a built-in sound, or a sound file."),
    recorder: pathOrNull("WAV file that the simulated recorder writes; null for none."),
    monitor: pathOrNull("WAV file of what the simulated monitor output plays (audio.monitorOutput); null for none."),
    patchCable: trueOrFalse("Whether a simulated cable leads from the output to the input, in place of the mixer."),
  },
  record: {
    minutes: range(0, 20, "Minutes of input and output that are kept in memory for a take; 0 keeps none. One takes 46 MB at 48 kHz."),
    folder: pathOrNull("Folder that takes are written to; null for one beside the saved state. The service needs ReadWritePaths= for another (systemd/read-only-root.md)."),
  },
  references: {
    reminderMinutes: range(0, 120, "Minutes of sound without a comparison with a reference track after which people are reminded; 0 for never."),
  },
  web: {
    isOn: trueOrFalse("Whether `npm start` serves the page for the phone; the service does while lacquer-web.socket is enabled."),
    port: whole(1, 65535, "TCP port of the page of `npm start`; that of the service is set by `install.sh --port N`."),
  },
  start: {
    preset: presetOrNull("Preset of a box that has no saved state yet; null for the defaults."),
    target: target("Loudness target of a box that has no saved state yet."),
    values: parameterValues("Values of parameters of a box that has no saved state yet, over those of the preset."),
  },
  panel: {
    gpio: oneOf(["auto", "chip", "onoff", "off"],
      "How pins are reached: by the GPIO character device where there is the chip of a Raspberry Pi, always by it, by onoff, or not at all."),
    i2cBus: whole(0, 20, "I2C bus of the display and the converter of the knobs."),
    display: oneOf(["none", "ssd1306", "sh1106"], "Chip of the display of 128 x 64 pixels."),
    displayAddress: whole(60, 61, "I2C address of the display: 60 is 0x3c, 61 0x3d."),
    converter: oneOf(["none", "ads1115", "ads1015"], "Converter that the knobs hang on."),
    converterAddress: whole(72, 75, "I2C address of the converter: 72 is 0x48, 75 0x4b."),
  },
  controls: controlList("Buttons, encoders, knobs, lights and the relay of the front panel."),
};

/** A rule, or a section of them. */
export type SchemaEntry = Rule<unknown> | { readonly [key: string]: SchemaEntry };

type ValueOf<Entry> = Entry extends Rule<infer Value> ? Value : { readonly [Key in keyof Entry]: ValueOf<Entry[Key]> };

/** The configuration of a box, complete. The sentences of `CONFIG_SCHEMA` say what each setting is for. */
export type BoxConfig = ValueOf<typeof CONFIG_SCHEMA>;

/** Whether an entry of the schema is a rule. */
export function isRule(entry: SchemaEntry): entry is Rule<unknown> {
  return typeof entry["read"] === "function";
}

/** Every setting with its dotted key, in the order of the schema. */
export function settingRules(section: { readonly [key: string]: SchemaEntry } = CONFIG_SCHEMA, path = ""): [key: string, rule: Rule<unknown>][] {
  return Object.entries(section).flatMap(([name, entry]) => {
    const key = path === "" ? name : `${path}.${name}`;
    return isRule(entry) ? [[key, entry]] : settingRules(entry, key);
  });
}

/** The value of a setting by its dotted key. */
export function settingValue(config: BoxConfig, key: string): unknown {
  return key.split(".").reduce<unknown>((section, name) => (section as Readonly<Record<string, unknown>>)[name], config);
}

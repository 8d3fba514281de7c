import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { configPlaces, findConfigFile, loadBoxConfig } from "../../src/config/box-config.js";
import { settingRules, type BoxConfig } from "../../src/config/config-schema.js";
import { temporaryFile } from "../support/temporary-file.js";

const DEFAULTS = loadBoxConfig(undefined).config;

/** Loads a file of these lines behind its version, which is line 2; gives its findings with the path shortened. */
function load(...lines: string[]): { config: BoxConfig; findings: string[]; file: string } {
  const file = temporaryFile("lacquer.json", `{\n"version": 1,\n${lines.join("\n")}\n}`);
  const { config, findings } = loadBoxConfig(file);
  return { config, file, findings: findings.map(({ message }) => message.replace(`${dirname(file)}/`, "")) };
}

describe("loadBoxConfig", () => {
  it("lays what the file gives over the defaults, setting by setting", () => {
    const { config, findings } = load("\"board\": \"sim\",", "\"audio\": { \"periodFrames\": 128, \"formats\": [\"S16_LE\", \"S32_LE\"] }");
    expect(findings).toEqual([]);
    expect(config).toEqual({ ...DEFAULTS, board: "sim", audio: { ...DEFAULTS.audio, periodFrames: 128, formats: ["S16_LE", "S32_LE"] } });
  });

  it("says of each setting from which file and line it comes", () => {
    const file = temporaryFile("lacquer.json", "{\n\"version\": 1,\n\"web\": {\n\"port\": 80 }}");
    const { origins } = loadBoxConfig(file);
    expect(origins.get("web.port")).toBe(`${file}:4`);
    expect(origins.get("web.isOn")).toMatch(/default\.json:\d+$/);
    expect([...origins.keys()]).toEqual(settingRules().map(([key]) => key));
  });

  it("reads values of parameters as people write them, and a target by its alias", () => {
    const { config, findings } = load("\"start\": { \"target\": \"apple\", \"preset\": \"Vocal presence\",",
      "\"values\": { \"compressor.ratio\": \"2:1\", \"saturation.bypass\": false, \"dither.bits\": 16, \"eq.band1.freqHz\": \"1.2 kHz\" } }");
    expect(findings).toEqual([]);
    expect(config.start.target).toBe("apple-music");
    expect(Object.fromEntries(config.start.values)).toEqual(
      { "compressor.ratio": 2, "saturation.bypass": 0, "dither.bits": 0, "eq.band1.freqHz": 1200 });
  });

  it("takes relative paths from the folder of the file", () => {
    const { config, file } = load("\"simulation\": { \"mixer\": \"mix.wav\", \"recorder\": \"../out.wav\" },", "\"record\": { \"folder\": \"/srv/takes\" }");
    expect(config.simulation.mixer).toBe(join(dirname(file), "mix.wav"));
    expect(config.simulation.recorder).toBe(join(dirname(dirname(file)), "out.wav"));
    expect(config.record.folder).toBe("/srv/takes");
  });

  it.each([
    ["a period of 8 frames", "\"audio\": { \"periodFrames\": 8 }", "audio.periodFrames is 8; allowed 16 to 1024, a whole number."],
    // TI SBAS444, table 4: four addresses by the pin ADDR; the display has two (SSD1306, 8.1.5).
    ["the display's address for the converter", "\"panel\": { \"converterAddress\": 60 }", "panel.converterAddress is 60; allowed 72 to 75, a whole number."],
    ["the converter's address for the display", "\"panel\": { \"displayAddress\": 72 }", "panel.displayAddress is 72; allowed 60 to 61, a whole number."],
    ["half a frame", "\"audio\": { \"periodFrames\": 64.5 }", "audio.periodFrames is 64.5; allowed 16 to 1024, a whole number."],
    ["a number with its unit", "\"audio\": { \"sampleRateHz\": \"48 kHz\" }",
      "audio.sampleRateHz is \"48 kHz\"; allowed 44100, 48000, 88200, 96000, 176400, 192000."],
    ["a rate that is not one of the six", "\"audio\": { \"sampleRateHz\": 47999 }",
      "audio.sampleRateHz is 47999; allowed 44100, 48000, 88200, 96000, 176400, 192000."],
    ["an infinite number", "\"record\": { \"minutes\": 1e999 }", "record.minutes is Infinity; allowed 0 to 20."],
    ["a format given twice", "\"audio\": { \"formats\": [\"S16_LE\", \"S16_LE\"] }",
      "audio.formats is [\"S16_LE\",\"S16_LE\"]; allowed a list in brackets of some of \"S32_LE\", \"S24_LE\", \"S24_3LE\", \"S16_LE\", \"FLOAT_LE\", none twice."],
    ["an unknown key", "\"audio\": { \"periodFrame\": 64 }",
      "audio has no \"periodFrame\"; allowed driver, captureDevice, playbackDevice, sampleRateHz, periodFrames, periods, formats, monitorOutput. Did you mean \"periodFrames\"?"],
    ["an unknown section", "\"adio\": {}",
      "the configuration has no \"adio\"; allowed version, board, audio, simulation, record, references, web, start, panel, controls. Did you mean \"audio\"?"],
    ["a key of every object", "\"constructor\": {}",
      "the configuration has no \"constructor\"; allowed version, board, audio, simulation, record, references, web, start, panel, controls."],
    ["a section that is none", "\"web\": 8080", "web must be an object in braces."],
    ["a text for a switch", "\"web\": { \"isOn\": \"yes\" }", "web.isOn is \"yes\"; allowed true or false."],
    ["an unknown mixer", "\"simulation\": { \"mixer\": \"brown\" }",
      "simulation.mixer is \"brown\"; allowed \"programme\", \"pink\", \"sine\", \"silence\", or the path of a file (with a slash or a dot)."],
    ["an empty device", "\"audio\": { \"captureDevice\": \"\" }",
      "audio.captureDevice is \"\"; allowed the name of an ALSA device such as \"hw:CARD=sndrpihifiberry\", or null."],
    ["a parameter out of range", "\"start\": { \"values\": { \"compressor.ratio\": 0.5 } }",
      "compressor.ratio is 0.5; allowed 1:1 to 20:1. The nearest is 1.0:1."],
    ["an unknown parameter", "\"start\": { \"values\": { \"compresor.ratio\": 2 } }",
      "There is no parameter \"compresor.ratio\". Did you mean \"compressor.ratio\"?"],
    ["a wrong unit", "\"start\": { \"values\": { \"compressor.attackMs\": \"3 dB\" } }",
      "compressor.attackMs is \"3 dB\"; allowed 0.05 to 300 ms. \"dB\" is not its unit; write 20.0 ms, for example."],
  ])("refuses %s with file, line, value and what is allowed, and keeps the default", (_, text, message) => {
    const { config, findings } = load("\"board\": \"sim\",", text);
    expect(findings).toEqual([`lacquer.json:4: ${message}`]);
    expect(config).toEqual({ ...DEFAULTS, board: "sim" });
  });

  it("names near targets and presets", () => {
    const { findings } = load("\"start\": {", "\"target\": \"spotfy\",", "\"preset\": \"glu\" }");
    expect(findings[0]).toMatch(/^lacquer\.json:4: start\.target: There is no target "spotfy"\. Did you mean "spotify"\?/);
    expect(findings[1]).toMatch(/^lacquer\.json:5: start\.preset: glu: There is no such preset\. Did you mean "glue"\?/);
  });

  it("gives all findings, by line", () => {
    const { findings } = load("\"audio\": {", "\"periods\": 5,", "\"perods\": 3 },", "\"board\": \"Pi 4\",", "\"web\": { \"port\": 0 }");
    expect(findings.map((finding) => finding.split(":")[1])).toEqual(["4", "5", "6", "7"]);
  });

  it.each(["NaN", "Infinity", "-Infinity", "1e999", "64.5"])("refuses the number %s by its line, key, value and range, and keeps the other settings", (number) => {
    const file = temporaryFile("lacquer.json", `{ "version": 1,\n"web": { "port": 8123 },\n"audio": { "periods": 2, "periodFrames": ${number} } }`);
    const { config, findings, isFileUsed } = loadBoxConfig(file);
    expect(findings.map(({ line, problem }) => ({ line, problem })))
      .toEqual([{ line: 3, problem: `audio.periodFrames is ${Number(number)}; allowed 16 to 1024, a whole number.` }]);
    expect(isFileUsed).toBe(true);
    expect(config).toEqual({ ...DEFAULTS, web: { ...DEFAULTS.web, port: 8123 }, audio: { ...DEFAULTS.audio, periods: 2 } });
  });

  it.each([
    ["a missing comma", "{\n\"version\": 1\n\"web\": {} }", "lacquer.json:3: This is not JSON: expected ,"],
    ["an empty file", "", "lacquer.json:1: This is not JSON:"],
    ["a list", "[]", "lacquer.json:1: the file must hold an object in braces."],
    ["a file without version", "{}", "lacquer.json:1: the file lacks its version; write \"version\": 1."],
    ["version 0", "{ \"version\": 0 }", "lacquer.json:1: version is 0; allowed 1."],
    ["a newer version", "{\n\"version\": 2 }", "lacquer.json:2: version is 2: a newer Lacquer wrote this file."],
    ["a key given twice", "{ \"version\": 1,\n\"web\": {},\n\"web\": {} }", "lacquer.json:3: \"web\" is given twice; keep one."],
  ])("starts from the defaults for %s, with one finding", (_, text, message) => {
    const file = temporaryFile("lacquer.json", text);
    const { config, findings, isFileUsed } = loadBoxConfig(file);
    expect(isFileUsed).toBe(false);
    expect(findings).toHaveLength(1);
    expect(findings[0]!.message).toContain(message);
    expect(config).toEqual(DEFAULTS);
  });

  it("reports a file that is named but not there", () => {
    expect(loadBoxConfig("/nowhere/lacquer.json").findings.map(({ message }) => message))
      .toEqual(["/nowhere/lacquer.json: There is no such file."]);
  });
});

describe("controls", () => {
  const button = (pins: string, more = ""): string => `{ "name": "b${pins}${more.length}", "kind": "button", "pins": [${pins}], "action": "undo"${more} }`;

  it("takes one of each kind", () => {
    const { config, findings } = load("\"controls\": [", button("4"), ", { \"name\": \"drive\", \"kind\": \"encoder\", \"pins\": [5, 6], \"parameter\": \"loudness.driveDb\" },",
      "{ \"name\": \"trim\", \"kind\": \"knob\", \"channel\": 0, \"ends\": [0.01, 0.78], \"parameter\": \"input.trimDb\" },",
      "{ \"name\": \"lamp\", \"kind\": \"led\", \"pins\": [22], \"parameter\": \"chain.bypass\" },",
      "{ \"name\": \"relay\", \"kind\": \"relay\", \"pins\": [27] } ]");
    expect(findings).toEqual([]);
    expect(config.controls.map(({ kind, pins, channel }) => [kind, pins, channel])).toEqual(
      [["button", [4], null], ["encoder", [5, 6], null], ["knob", [], 0], ["led", [22], null], ["relay", [27], null]]);
    expect(config.controls.map(({ ends }) => ends)).toEqual([null, null, [0.01, 0.78], null, null]);
  });

  it("takes a button with holds, the longest last, a light, an encoder with a taper and one that the kernel reads", () => {
    const { config, findings } = load("\"controls\": [",
      "{ \"name\": \"song\", \"kind\": \"button\", \"pins\": [4], \"action\": \"newSong\", \"doubleClick\": \"undo\", \"holds\": [{ \"afterS\": 5, \"action\": \"shutdown\" }, { \"afterS\": 3, \"action\": \"pair\" }] },",
      "{ \"name\": \"lamp\", \"kind\": \"led\", \"pins\": [22], \"light\": \"clip\" },",
      "{ \"name\": \"ratio\", \"kind\": \"encoder\", \"pins\": [5, 6], \"parameter\": \"compressor.ratio\", \"taper\": \"linear\", \"stepsPerDetent\": 2 },",
      "{ \"name\": \"drive\", \"kind\": \"encoder\", \"inputDevice\": \"rotary@5\", \"parameter\": \"loudness.driveDb\" } ]");
    expect(findings).toEqual([]);
    const [song, lamp, ratio, drive] = config.controls;
    expect(song).toMatchObject({ action: "newSong", doubleClick: "undo", holds: [{ afterS: 3, action: "pair" }, { afterS: 5, action: "shutdown" }] });
    expect(lamp).toMatchObject({ light: "clip", parameter: null });
    expect(ratio).toMatchObject({ taper: "linear", stepsPerDetent: 2 });
    expect(drive).toMatchObject({ pins: [], inputDevice: "rotary@5", code: null, stepsPerDetent: 4 });
  });

  it("has the panel of the product where the file names none: threshold, ratio, drive, four buttons, four lights and the relay", () => {
    const { config, findings } = load("\"web\": {", "\"port\": 8080", "}");
    expect(findings).toEqual([]);
    expect(config.controls.flatMap(({ parameter }) => parameter ?? [])).toEqual(["compressor.thresholdDb", "compressor.ratio", "loudness.driveDb"]);
    expect(config.controls.flatMap(({ action, holds }) => [...(action === null ? [] : [action]), ...holds.map((hold) => `${hold.action} ${hold.afterS}`)]))
      .toEqual(["bypass", "hardBypass 0.4", "compare", "reference 0.6", "armReferences 3", "nextTarget", "pair 3", "forgetPhones 10", "newSong", "shutdown 5"]);
  });

  it("refuses a pin that is given twice, and names both lines", () => {
    const { config, findings } = load("\"controls\": [", `${button("17")},`, "", `${button("17", " ")}]`);
    expect(findings).toEqual(["lacquer.json:6: controls[1].pins has pin 17, which controls[0].pins on line 4 has already; give each its own."]);
    expect(config.controls).toHaveLength(1);
  });

  it.each([[0, "the HAT's identification"], [1, "the HAT's identification"], [2, "I2C"], [3, "I2C"],
    [18, "I2S sound"], [19, "I2S sound"], [20, "I2S sound"], [21, "I2S sound"]])("refuses pin %d, which %s needs", (pin, owner) => {
    expect(load(`"controls": [${button(String(pin))}]`).findings)
      .toEqual([`lacquer.json:3: controls[0].pins has ${pin}, which ${owner} needs; allowed 4 to 17 and 22 to 27.`]);
  });

  it.each([
    ["-1", "has -1; allowed BCM numbers 0 to 27."],
    ["28", "has 28; allowed BCM numbers 0 to 27."],
    ["4.5", "has 4.5; allowed BCM numbers 0 to 27."],
    ["\"GPIO4\"", "has \"GPIO4\"; allowed BCM numbers 0 to 27."],
    ["4, 5", "is [4,5]; a button takes a list of 1 in brackets."],
    ["", "is []; a button takes a list of 1 in brackets."],
  ])("refuses the pins [%s]", (pins, problem) => {
    const { findings, config } = load(`"controls": [{ "name": "b", "kind": "button", "pins": [${pins}], "action": "undo" }]`);
    expect(findings).toEqual([`lacquer.json:3: controls[0].pins ${problem}`]);
    expect(config.controls).toEqual([]);
  });

  it.each([
    ["a name that is used", "{ \"name\": \"b\", \"kind\": \"relay\", \"pins\": [4] }, { \"name\": \"b\", \"kind\": \"relay\", \"pins\": [5] }",
      "controls[1].name has the name \"b\", which controls[0].name on line 3 has already; give each its own."],
    ["a kind that is none", "{ \"name\": \"b\", \"kind\": \"fader\", \"pins\": [4] }", "controls[0].kind is \"fader\"; allowed \"button\", \"encoder\", \"knob\", \"led\", \"relay\"."],
    ["a knob with pins", "{ \"name\": \"b\", \"kind\": \"knob\", \"channel\": 0, \"pins\": [4], \"parameter\": \"input.trimDb\" }",
      "controls[0].pins is [4]; a knob takes a list of 0 in brackets; give it the channel of the converter."],
    ["ends that are the wrong way round", "{ \"name\": \"b\", \"kind\": \"knob\", \"channel\": 0, \"ends\": [0.8, 0.01], \"parameter\": \"input.trimDb\" }",
      "controls[0].ends is [0.8,0.01]; allowed the readings of a knob at its left and right end, 0 to 1 and 0.1 apart at least, such as [0.008, 0.797]."],
    ["ends of a button", "{ \"name\": \"b\", \"kind\": \"button\", \"pins\": [4], \"ends\": [0, 1], \"action\": \"undo\" }",
      "controls[0].ends is [0,1]; allowed the readings of a knob at its left and right end, 0 to 1 and 0.1 apart at least, such as [0.008, 0.797]."],
    ["a channel that is none", "{ \"name\": \"b\", \"kind\": \"knob\", \"channel\": 4, \"parameter\": \"input.trimDb\" }", "controls[0].channel is 4; allowed 0 to 3."],
    ["a button for two things", "{ \"name\": \"b\", \"kind\": \"button\", \"pins\": [4], \"parameter\": \"chain.bypass\", \"action\": \"undo\" }",
      "controls[0] is a button: it takes a parameter or an action."],
    ["a hold that is a click", "{ \"name\": \"b\", \"kind\": \"button\", \"pins\": [4], \"action\": \"undo\", \"holds\": [{ \"afterS\": 0.2, \"action\": \"redo\" }] }",
      "controls[0].holds[0].afterS is 0.2; allowed 0.4 to 20 seconds."],
    ["a logarithmic taper of a range with a zero", "{ \"name\": \"b\", \"kind\": \"knob\", \"channel\": 0, \"parameter\": \"input.trimDb\", \"taper\": \"log\" }",
      "controls[0] is a knob: it takes no such taper: log needs a range above 0, and only the travel of an encoder or a knob has one."],
    ["a code without a device", "{ \"name\": \"b\", \"kind\": \"button\", \"pins\": [4], \"action\": \"undo\", \"code\": 3 }",
      "controls[0].code is 3; allowed 0 to 767, the code of an axis or key of an inputDevice."],
    ["a light on a button", "{ \"name\": \"b\", \"kind\": \"button\", \"pins\": [4], \"action\": \"undo\", \"light\": \"clip\" }",
      "controls[0] is a button: a light is for a led alone."],
    ["an unknown parameter", "{ \"name\": \"b\", \"kind\": \"led\", \"pins\": [4], \"parameter\": \"chain.bypas\" }",
      "controls[0].parameter: There is no parameter \"chain.bypas\". Did you mean \"chain.bypass\"?"],
    ["an unknown key", "{ \"name\": \"b\", \"kind\": \"relay\", \"pins\": [4], \"pin\": 4 }",
      "controls[0] has no \"pin\"; allowed name, kind, pins, inputDevice, code, stepsPerDetent, channel, ends, parameter, taper, action, doubleClick, holds, light. Did you mean \"pins\"?"],
  ])("refuses %s", (_, text, problem) => {
    expect(load(`"controls": [${text}]`).findings).toEqual([`lacquer.json:3: ${problem}`]);
  });
});

describe("findConfigFile", () => {
  it("takes the named file, then LACQUER_CONFIG, then the first place that has one", () => {
    const file = temporaryFile("lacquer.json", "{}");
    const environment = { CONFIGURATION_DIRECTORY: `/nowhere:${dirname(file)}`, LACQUER_CONFIG: "/mine.json", HOME: "/nowhere" };
    expect(findConfigFile(environment, "/named.json")).toBe("/named.json");
    expect(findConfigFile(environment)).toBe("/mine.json");
    expect(findConfigFile({ ...environment, LACQUER_CONFIG: "" })).toBe(file);
    writeFileSync(file, "");
    expect(configPlaces({ ...environment, XDG_CONFIG_HOME: "/xdg" })).toEqual(
      ["/nowhere/lacquer.json", file, "/etc/lacquer/lacquer.json", "/xdg/lacquer/lacquer.json"]);
  });
});

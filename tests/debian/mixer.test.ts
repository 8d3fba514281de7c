import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { BOARDS } from "../../hw/boards/boards.js";
import type { MixerSetting } from "../../src/hal/mixer.js";
import { temporaryFolder } from "../support/temp-folder.js";

const { path, write } = temporaryFolder();
const STATE = join(path, "state");

beforeAll(() => {
  const plugin = join(path, "test-mixer.so");
  execFileSync("cc", ["-shared", "-fPIC", "-DPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", plugin, "tests/support/mixer-alsa/test-mixer.c", "-lasound"]);
  write("asoundrc", Buffer.from(`ctl_type.lacquer_mixer { lib "${plugin}" }\nctl.lacquer { type lacquer_mixer state "${STATE}" }\n`));
});

/** Sets the mixer in a process whose libasound knows the plugin. Returns what it answers, and the values after. */
function set(settings: readonly MixerSetting[], card = "lacquer"): { readonly said: readonly string[]; readonly state: string } {
  write("state", Buffer.from(""));
  const script = `import { setMixer } from ${JSON.stringify(new URL("../../dist/hw/alsa/mixer.js", import.meta.url).href)};
    console.log(JSON.stringify(setMixer(${JSON.stringify(card)}, ${JSON.stringify(settings)})));`;
  const { stdout, stderr, signal } = spawnSync(process.execPath, ["--input-type=module", "-e", script],
    { encoding: "utf8", env: { ...process.env, ALSA_CONFIG_PATH: `/usr/share/alsa/alsa.conf:${join(path, "asoundrc")}` } });
  expect([signal, stderr]).toEqual([null, ""]);
  return { said: JSON.parse(stdout) as string[], state: readFileSync(STATE, "utf8") };
}

describe("the mixer of a card in libasound itself", () => {
  it("sets a level by its dB, a switch and an item whose name has a comma, on every channel", () => {
    const { said, state } = set([{ control: "Digital Playback Volume", levelDb: -3 }, { control: "Auto Mute Switch", isOn: false }, { control: "ADC Left Input", item: "{VIN1P, VIN1M}[DIFF]" }]);
    expect(said).toEqual([]);
    // (-3 - -103.5) / 0.5
    expect(state).toBe("Digital Playback Volume: 201 201\nAuto Mute Switch: 0 0\nADC Left Input: 3\n");
  });

  it("names what is missing, what is of another kind and which items there are, and sets the rest", () => {
    const { said, state } = set([{ control: "Aux Switch", isOn: true }, { control: "ADC Left Input", item: "AUX" }, { control: "ADC Left Input", levelDb: 0 }, { control: "Auto Mute Switch", isOn: false }]);
    expect(said).toEqual([expect.stringContaining("lacks \"Aux Switch\""), expect.stringContaining("\"No Select\", \"VINL1[SE]\", \"VINL2[SE] + VINL1[SE]\""), expect.stringContaining("no level")]);
    expect(state).toContain("Auto Mute Switch: 0 0");
  });

  it("sets what it has of the settings of a HiFiBerry, at 0 dB", () => {
    const board = BOARDS.find(({ id }) => id === "hifiberry-dacplusadcpro");
    const { said, state } = set(board?.mixer ?? []);
    expect(said).toEqual([expect.stringMatching(/lacks "ADC Right Input", .*"Digital Playback Switch":/)]);
    expect(state).toBe("Digital Playback Volume: 207 207\nAuto Mute Switch: 0 0\nADC Left Input: 1\n");
  });

  it("says that there is no such card", () => {
    expect(set([{ control: "Aux Switch", isOn: true }], "hw:CARD=nobody").said).toEqual([expect.stringMatching(/stays as it is.*hw:CARD=nobody.*No such/)]);
  });
});

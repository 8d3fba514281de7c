import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Comparison, Reference } from "../../src/protocol/messages.js";
import { openControlLink } from "../../src/server/control-link.js";
import { BoxOnSim } from "../support/box-on-sim.js";
import { sine } from "../support/signals.js";
import { soundBytes, soundFile } from "../support/sound-file.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { integers, wav } from "../support/wav-bytes.js";

const place = temporaryFolder();

/** A mono WAV of 16 bits that holds a tone of 440 Hz at -12 dBFS. */
function toneFile(sampleRateHz: number, seconds: number): Uint8Array {
  const signal = sine(seconds * sampleRateHz, sampleRateHz, { freqHz: 440, levelDbfs: -12 });
  return wav({ channels: 1, sampleRateHz }, integers(2, [...signal.map((x) => Math.round(32_767 * x))]));
}

const box = new BoxOnSim(mkdtempSync(join(place.path, "b")));
const folder = join(box.stateFolder, "references");

beforeAll(async () => {
  box.spawn("box");
  await box.untilSound();
}, 60_000);
afterAll(async () => void await box.stop());

describe("reference tracks of the running box", () => {
  it("are listed, added, renamed and deleted by the command line", async () => {
    const bytes = soundBytes(3_000_000);
    const file = place.write("My Song.wav", bytes);
    expect((await box.lacquer("references")).out).toBe("There is no reference track; lacquer references add FILE brings one in.\n");
    expect(await box.lacquer("references", "add", file)).toEqual({ code: 0, out: '"My Song" is in the box.\n', err: "" });
    const { references: [track] } = JSON.parse((await box.lacquer("references", "--json")).out) as { references: { id: string; bytes: number }[] };
    expect(Buffer.compare(readFileSync(join(folder, `${track?.id}.track`)), bytes)).toBe(0);
    expect((await box.lacquer("references", "rename", "my song", "Theirs")).out).toBe('"My Song" is called "Theirs" now.\n');
    expect((await box.lacquer("references")).out).toMatch(/^Theirs +3\.0 MB +\d{4}-\d\d-\d\d +[0-9a-f]{12} +\S/);
    expect((await box.lacquer("references", "delete", "Theirs")).out).toBe('"Theirs" is deleted.\n');
    expect(readdirSync(folder).sort()).toEqual(["index.json", "prepared"]);
  });

  it.each([
    [["add"], 'lacquer: "add" is not known here: lacquer references [add FILE | rename NAME NEW | delete NAME] [--json]\n'],
    [["add", "/nowhere.wav"], "lacquer: /nowhere.wav cannot be read (ENOENT).\n"],
    [["add", "package.json"], "lacquer: This is no sound file that can be read; WAV, FLAC, MP3 and Ogg Vorbis are supported.\n"],
    [["delete", "Nobody"], 'lacquer: No track is called "Nobody"; there are none.\n'],
  ])("are refused with a sentence for %j", async (words, err) => {
    expect(await box.lacquer("references", ...words)).toEqual({ code: 2, out: "", err });
  });

  it("are all there, and nothing else, after the box was killed in the middle of an upload", async () => {
    await box.lacquer("references", "add", place.write("Kept.wav", soundBytes(500_000)));
    const link = await openControlLink({ path: box.environment["LACQUER_SOCKET"] ?? "", source: "test" });
    const upload = link.upload(soundFile(soundBytes(30_000_000)), (bytes) => {
      if (bytes > 2_000_000) box.child?.kill("SIGKILL");
    });
    await expect(upload).rejects.toThrow("The box has ended, or closed the connection.");
    expect(readdirSync(folder).some((name) => name.endsWith(".part"))).toBe(true);
    box.spawn("box");
    await box.untilSound();
    expect((await box.lacquer("references")).out).toMatch(/^Kept +0\.5 MB/);
    expect(readdirSync(folder)).toHaveLength(3);
  }, 60_000);
});

describe("a reference track beside the mix", () => {
  /** How the comparison stands. */
  const comparison = async (...words: readonly string[]): Promise<Comparison> => JSON.parse((await box.lacquer("reference", ...words, "--json")).out) as Comparison;
  const references = async (): Promise<readonly Reference[]> =>
    (JSON.parse((await box.lacquer("references", "--json")).out) as { references: readonly Reference[] }).references;

  it("is prepared, armed, heard and ended by the command line, and by a song", async () => {
    await box.lacquer("references", "add", place.write("Tone.wav", toneFile(44_100, 20)));
    await expect.poll(async () => (await references()).find(({ name }) => name === "Tone")?.state, { timeout: 30_000 }).toBe("ready");
    expect(await box.lacquer("reference", "play", "Tone")).toEqual({
      code: 2, out: "", err: "lacquer: References are not armed, because the recorder hears what you hear; arm them first.\n",
    });
    expect((await box.lacquer("reference", "arm")).out).toContain("This board has one output: the recorder hears what you hear.");
    expect((await box.status())?.notices).toContain("References are armed: the recorder hears what you hear.");
    await comparison("play", "tone");
    await expect.poll(() => comparison(), { timeout: 10_000 }).toMatchObject({ isArmed: true, heard: "reference", isWaiting: false });
    const { placeS } = await comparison();
    await expect.poll(async () => (await comparison()).placeS, { timeout: 10_000 }).toBeGreaterThan(placeS);
    expect(await comparison("loop", "0:05-0:08")).toMatchObject({ loop: "passage", passage: { fromS: 5, toS: 8 } });
    expect(await comparison("solo", "lowMid")).toMatchObject({ solo: "lowMid" });
    expect((await box.lacquer("song", "Next")).code).toBe(0);
    expect(await comparison()).toMatchObject({ isArmed: false, heard: "mix" });
  }, 90_000);

  it("is taken from the folder where people put it, and prepared there; what it is not is said", async () => {
    writeFileSync(join(folder, "By Hand.wav"), toneFile(48_000, 2));
    writeFileSync(join(folder, "Broken.mp3"), "no sound at all");
    await expect.poll(async () => (await references()).map(({ name, state }) => `${name}: ${state}`), { timeout: 40_000 })
      .toEqual(expect.arrayContaining(["By Hand: ready", "Broken: failed"]));
    const { problem } = (await references()).find(({ name }) => name === "Broken")!;
    expect(problem).toBe('"Broken" is no sound file that can be read; WAV, FLAC, MP3 and Ogg Vorbis are supported.');
    expect(readdirSync(folder).filter((name) => /wav|mp3/.test(name))).toEqual([]);
  }, 60_000);

  it("ends the comparison in words when its prepared sound is gone, and is prepared anew by a restart", async () => {
    const byHand = (await references()).find(({ name }) => name === "By Hand")!;
    rmSync(join(folder, "prepared", `${byHand.id}.wav`), { force: true });
    await box.lacquer("reference", "arm");
    await box.lacquer("reference", "play", "By Hand");
    await expect.poll(() => comparison(), { timeout: 10_000 }).toMatchObject({ isArmed: false, heard: "mix" });
    await expect.poll(async () => (await box.lacquer("logs")).out, { timeout: 5000 }).toContain(
      "References are not armed any more: its prepared sound cannot be read (missing); start the box anew, which prepares it again.\n");
    await box.stop();
    box.spawn("box");
    await box.untilSound();
    await expect.poll(async () => (await references()).find(({ id }) => id === byHand.id)?.state, { timeout: 20_000 }).toBe("ready");
  }, 60_000);

  it("is ready at once after a restart, and its prepared sound goes with it", async () => {
    await box.stop();
    box.spawn("box");
    await box.untilSound();
    const tone = (await references()).find(({ name }) => name === "Tone")!;
    expect(tone).toMatchObject({ state: "ready", sound: { durationS: 20 } });
    expect(readdirSync(join(folder, "prepared"))).toContain(`${tone.id}.wav`);
    await box.lacquer("references", "delete", "Tone");
    await expect.poll(() => readdirSync(join(folder, "prepared")).filter((name) => name.startsWith(tone.id)), { timeout: 5000 }).toEqual([]);
  }, 60_000);
});

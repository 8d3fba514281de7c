import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openControlLink } from "../../src/server/control-link.js";
import { BoxOnSim } from "../support/box-on-sim.js";
import { soundBytes, soundFile } from "../support/sound-file.js";
import { temporaryFolder } from "../support/temp-folder.js";

const place = temporaryFolder();
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
    expect((await box.lacquer("references")).out).toMatch(/^Theirs +3\.0 MB +\d{4}-\d\d-\d\d +[0-9a-f]{12}\n$/);
    expect((await box.lacquer("references", "delete", "Theirs")).out).toBe('"Theirs" is deleted.\n');
    expect(readdirSync(folder)).toEqual(["index.json"]);
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
    expect(readdirSync(folder)).toHaveLength(2);
  }, 60_000);
});

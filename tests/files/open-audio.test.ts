import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { AudioFileError, durationText } from "../../src/files/audio-file-error.js";
import { openAudio } from "../../src/files/open-audio.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { integers, wav } from "../support/wav-bytes.js";

const folder = temporaryFolder();

async function refusal(path: string): Promise<AudioFileError> {
  const error: unknown = await openAudio(path).then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(AudioFileError);
  return error as AudioFileError;
}

it("says that a file is missing", async () => {
  const path = join(folder.path, "nothing.wav");
  expect(await refusal(path)).toMatchObject({ code: "missing", path, message: `${path} does not exist; check the name and the folder.` });
});

it("says that a path leads through a file", async () => {
  const path = join(folder.write("plain.wav", Buffer.from("x")), "below.wav");
  expect((await refusal(path)).code).toBe("missing");
});

it("says that a path is a folder", async () => {
  const path = join(folder.path, "album.wav");
  mkdirSync(path);
  expect((await refusal(path)).code).toBe("folder");
});

it("refuses a pipe at once instead of waiting for its other end", async () => {
  const path = join(folder.path, "pipe.wav");
  execFileSync("mkfifo", [path]);
  expect((await refusal(path)).code).toBe("special");
});

it("says that a file is empty", async () => {
  expect((await refusal(folder.write("empty.wav", Buffer.alloc(0)))).code).toBe("empty");
});

it.each([
  ["text", "Dear reader, this is no sound at all, whatever its name says.", "not-audio", "WAV, FLAC, MP3 and Ogg Vorbis are supported"],
  ["one byte", "R", "not-audio", "no sound file"],
  ["AIFF", "FORM\0\0\0\0AIFFCOMM", "coding", "is an AIFF file"],
  ["M4A", "\0\0\0\x20ftypM4A ", "coding", "MP4 or M4A"],
  ["a big-endian WAV", "RIFX\0\0\0\0WAVE", "coding", "RIFX"],
])("names what is wrong with %s called .wav", async (_, content, code, words) => {
  const error = await refusal(folder.write("other.wav", Buffer.from(content, "latin1")));
  expect([error.code, error.message.includes(words)]).toEqual([code, true]);
});

it("goes by content: a WAV called .mp3 is read", async () => {
  const source = await openAudio(folder.write("really.mp3", wav({}, integers(2, [1, 2]))));
  expect(source.encoding).toBe("WAV, 16-bit PCM");
  source.close();
});

it("keeps a message on one line whatever the name of the file", async () => {
  const error = await refusal(join(folder.path, "a\nb\u001b[2J.wav"));
  expect(error.message).not.toMatch(/\p{Cc}/u);
});

it("leaves no file open after 300 refusals", async () => {
  const path = folder.write("refused.wav", Buffer.from("nothing that sounds"));
  const open = (): number => readdirSync("/proc/self/fd").length;
  const before = open();
  for (let k = 0; k < 300; k++) await refusal(path);
  expect(open()).toBeLessThan(before + 10);
});

it("writes durations as people do", () => {
  expect([0.5, 12.34, 185, 3725].map(durationText)).toEqual(["0.500 s", "12.3 s", "3:05 min", "1:02:05 h"]);
});

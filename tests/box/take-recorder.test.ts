import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TakeRecorder, type TakeRecorderOptions } from "../../src/box/take-recorder.js";
import { TapReader } from "../../src/engine/tap-reader.js";
import { channelOf, readAll } from "../support/read-source.js";
import { openAudio } from "../../src/files/open-audio.js";
import { TapMemory } from "../support/tap-memory.js";
import { temporaryFolder } from "../support/temp-folder.js";

const RATE = 48000;
const RING = 65536;
const FORMAT = { device: "test", sampleRateHz: RATE, periodFrames: 64, periods: 3, format: "S32_LE", isLinked: true, isPaced: true, hasMonitor: false } as const;
const WRITER = new URL("../../dist/src/box/take-writer.js", import.meta.url);
/** Of 24 bits: a sample is its frame's number, and the output's is that with the sign turned. */
const STEP = 2 ** -23;
const sample = (frame: number, field: number): number => (field < 2 ? frame + 1 : -frame - 1) * STEP;

describe("TakeRecorder", () => {
  const folder = temporaryFolder();

  function recorder(tap: TapMemory | null, options: Partial<TakeRecorderOptions> = {}): TakeRecorder {
    const sound = {
      createTapReader: () => tap && new TapReader(tap.memory),
      health: () => ({ format: tap ? FORMAT : null }),
    };
    const made = new TakeRecorder({ sound, minutes: 0.05, folder: folder.path, writerUrl: WRITER, now: () => new Date(2026, 4, 3, 21, 30, 5), ...options });
    made.copy();
    return made;
  }

  /** Plays frames of the test sound past the recorder, a quarter of a second at a time. */
  function play(tap: TapMemory, recorded: TakeRecorder, frames: number): void {
    for (let done = 0; done < frames; done += 12000) {
      tap.write(Math.min(12000, frames - done), sample);
      recorded.copy();
    }
  }

  async function samplesOf(path: string): Promise<number[]> {
    const source = await openAudio(path);
    const sound = readAll(source);
    source.close();
    expect(channelOf(sound, 0)).toEqual(channelOf(sound, 1));
    return [...channelOf(sound, 0)].map((x) => Math.round(x / STEP));
  }

  it("writes the last second of input and output sample by sample alongside, 48000 frames each, bit for bit in 24 bits", async () => {
    const tap = new TapMemory(RING);
    const recorded = recorder(tap);
    play(tap, recorded, 120_000);
    const take = await recorded.take(1);
    expect([take.seconds, take.missingSeconds]).toEqual([1, 0]);
    const expected = Array.from({ length: RATE }, (_, k) => 120_000 - RATE + k + 1);
    expect(await samplesOf(take.input)).toEqual(expected);
    expect(await samplesOf(take.output)).toEqual(expected.map((x) => -x));
  });

  it("writes none that would leave less than 200 MB on the disk: of 5 s, 2,880,000 bytes are wanted", async () => {
    const tap = new TapMemory(RING);
    const room = { bavail: 202_879, bsize: 1000 };
    const recorded = recorder(tap, { minutes: 0.2, roomOf: () => room });
    play(tap, recorded, 5 * RATE);
    await expect(recorded.take(5)).rejects.toThrow(`There is no room for 3 MB on the disk of the box, where 203 MB are free and 200 MB must stay so; move takes away from ${folder.path}`);
    expect(readdirSync(folder.path).filter((name) => name.endsWith("-input.wav") && name.startsWith("take-0002"))).toEqual([]);
    room.bavail++;
    expect((await recorded.take(5)).seconds).toBe(5);
  });

  it("keeps as much as was asked for, 3 s, however long the sound runs", async () => {
    const tap = new TapMemory(RING);
    const recorded = recorder(tap);
    play(tap, recorded, 600_000);
    const take = await recorded.take();
    expect(take.seconds).toBe(3);
    expect((await samplesOf(take.input)).at(-1)).toBe(600_000);
  });

  it("writes what there is when more is asked for", async () => {
    const tap = new TapMemory(RING);
    const recorded = recorder(tap);
    play(tap, recorded, 24_000);
    expect((await recorded.take(60)).seconds).toBe(0.5);
  });

  it("fills sound that was left out with silence of the same length, and tells how much", async () => {
    const tap = new TapMemory(RING);
    const recorded = recorder(tap);
    play(tap, recorded, 12_000);
    tap.leaveOut(4800);
    play(tap, recorded, 12_000);
    const take = await recorded.take();
    expect(take.missingSeconds).toBe(0.1);
    const samples = await samplesOf(take.input);
    expect(samples).toHaveLength(28_800);
    expect(samples.slice(12_000, 16_800).every((x) => x === 0)).toBe(true);
    expect([samples[11_999], samples[16_800]]).toEqual([12_000, 16_801]);
  });

  it("tells of sound that went by while none flowed, 10 min of it, and fills all of the take but what came after with silence", async () => {
    const tap = new TapMemory(RING);
    const recorded = recorder(tap);
    play(tap, recorded, 48_000);
    tap.leaveOut(600 * RATE);
    play(tap, recorded, 24_000);
    const take = await recorded.take();
    expect([take.seconds, take.missingSeconds]).toEqual([3, 2.5]);
  });

  it("names the files by number and time, and goes on counting", async () => {
    const tap = new TapMemory(RING);
    const own = join(folder.path, "not", "there yet");
    const recorded = recorder(tap, { folder: own });
    play(tap, recorded, 1000);
    await recorded.take();
    await recorded.take();
    expect(readdirSync(own).sort()).toEqual([
      "take-0001-2026-05-03-21-30-05-input.wav", "take-0001-2026-05-03-21-30-05-output.wav",
      "take-0002-2026-05-03-21-30-05-input.wav", "take-0002-2026-05-03-21-30-05-output.wav",
    ]);
  });

  it("says what is wrong: nothing is kept, no sound yet, a second take at a time, a folder that cannot be", async () => {
    const tap = new TapMemory(RING);
    await expect(recorder(tap, { minutes: 0 }).take()).rejects.toThrow(/record\.minutes/);
    await expect(recorder(null).take()).rejects.toThrow(/No sound has been kept yet/);
    const recorded = recorder(tap);
    play(tap, recorded, 100_000);
    const first = recorded.take();
    await expect(recorded.take()).rejects.toThrow(/being written/);
    await first;
    const blocked = recorder(tap, { folder: join(folder.write("a-file", new Uint8Array(1)), "takes") });
    play(tap, blocked, 100);
    await expect(blocked.take()).rejects.toThrow(/a-file.takes for takes cannot be used/);
  });

  it("leaves no file behind when it is stopped in the middle", async () => {
    const tap = new TapMemory(RING);
    const own = join(folder.path, "stopped");
    const recorded = recorder(tap, { folder: own, minutes: 1 });
    play(tap, recorded, 60 * RATE);
    const take = recorded.take();
    take.catch(() => undefined);
    await recorded.stop();
    await expect(take).rejects.toThrow(/stopped/);
    expect(readdirSync(own)).toEqual([]);
  });
});

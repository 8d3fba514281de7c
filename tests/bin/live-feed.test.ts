import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { THIRD_OCTAVE_FREQ_HZ } from "../../src/analysis/spectrum-bands.js";
import { controlSocketPath } from "../../src/config/folders.js";
import type { MeterSnapshot } from "../../src/protocol/meter-snapshot.js";
import { openControlLink, type ControlLink } from "../../src/server/control-link.js";
import { BoxOnSim } from "../support/box-on-sim.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { until } from "../support/until.js";

/** The mixer plays a sine of 1 kHz at -20 dBFS on both channels. */
const box = new BoxOnSim(join(temporaryFolder().path, "box"), { simulation: { mixer: "sine" } });
const KILOHERTZ = THIRD_OCTAVE_FREQ_HZ.indexOf(1000);
let link: ControlLink;
let snapshots: MeterSnapshot[] = [];

beforeAll(async () => {
  box.spawn("box");
  await box.untilSound();
  link = await openControlLink({ path: controlSocketPath(box.environment), source: "test" });
  link.listen((event) => {
    if (event.type === "meters") snapshots.push(event.snapshot);
  });
}, 90_000);
afterAll(async () => {
  link.close();
  await box.stop();
});

/** Snapshots from now on, the first `count` of those that `isWanted`. */
async function next(count: number, isWanted: (snapshot: MeterSnapshot) => boolean = () => true): Promise<MeterSnapshot[]> {
  snapshots = [];
  await until(() => snapshots.filter(isWanted).length >= count, 60);
  return snapshots.filter(isWanted);
}

describe("what the running box feeds to its viewers", () => {
  it("holds spectrum and goniometer for a viewer that wishes for them: the sine of the mixer at -20 dBFS, in phase", async () => {
    await link.command("set", { values: { "chain.bypass": 1, "chain.levelMatch": 0 } });
    await link.command("subscribeMeters", { maxRateHz: 30, spectrum: true, goniometer: true });
    const [first] = await next(1);
    const settled = await next(3, ({ bin, spectrum }) => bin > first!.bin + 200 && spectrum !== undefined);
    const { spectrum, goniometer, input } = settled.at(-1)!;
    expect(input.rmsDbfs[0]!).toBeCloseTo(-20, 1);
    expect(Math.max(...spectrum!.inputFine)).toBeCloseTo(-20, 1);
    expect(spectrum!.third.indexOf(Math.max(...spectrum!.third))).toBe(KILOHERTZ);
    expect(spectrum!.third[KILOHERTZ]!).toBeCloseTo(-20, 1);
    const sides = [...goniometer!.points].filter((_, k) => k % 2 === 1);
    expect(Math.max(...sides.map(Math.abs))).toBeLessThanOrEqual(1);
    expect(Math.max(...goniometer!.points.map(Math.abs))).toBeGreaterThan(120);
  }, 90_000);

  it("holds neither for a viewer that does not, but always the levels of the stages", async () => {
    await link.command("set", { values: { "chain.bypass": 0, "input.trimDb": 6, "compressor.ratio": 1 } });
    await link.command("subscribeMeters", { maxRateHz: 30 });
    const [first] = await next(1);
    const snapshot = (await next(1, ({ bin }) => bin > first!.bin + 100)).at(-1)!;
    expect(snapshot.spectrum).toBeUndefined();
    expect(snapshot.goniometer).toBeUndefined();
    expect(snapshot.stages.map(({ id }) => id)).toEqual(
      ["input", "filters", "eq", "compressor", "multiband", "imager", "saturation", "loudness", "limiter", "dither"]);
    expect(snapshot.stages[0]!.inDbfs!).toBeCloseTo(-20, 1);
    expect(snapshot.stages[0]!.outDbfs!).toBeCloseTo(-14, 1);
    expect(snapshot.compressorInputDbfs!).toBeCloseTo(-14, 0);
  }, 90_000);

  it("has the history and the songs for whoever comes later", async () => {
    const [before] = await next(1);
    const { songs } = await link.command("markSong", { name: "Encore" });
    expect(songs.at(-1)).toMatchObject({ name: "Encore", integratedLufs: null });
    const [after] = await next(1, ({ bin }) => bin > before!.bin + 200);
    expect(after!.songIndex).toBe(before!.songIndex + 1);
    expect(after!.measuredS).toBeLessThan(before!.measuredS + 2);
    const late = await openControlLink({ path: controlSocketPath(box.environment), source: "late" });
    expect((await late.command("listSongs", {})).songs.map(({ name }) => name)).toEqual(["Song 1", "Encore"]);
    const { stepS, endS, shortTermLufs } = await late.command("loudnessHistory", {});
    expect(stepS).toBe(1);
    expect(endS).toBeGreaterThanOrEqual(Math.floor(after!.bin / 100));
    expect(shortTermLufs).toHaveLength(endS);
    expect(shortTermLufs.at(-1)!).toBeLessThan(0);
    late.close();
  }, 90_000);

  it("lets the relay go for the hard bypass, and holds it again after", async () => {
    expect((await box.lacquer("bypass", "hard", "on")).out).toContain("through the relay");
    await box.until(({ audio }) => !audio.isRelayHeld);
    expect(link.state.isHardBypassed).toBe(true);
    expect((await box.status())!.audio).toMatchObject({ state: "running", isOutputDead: false });
    await box.lacquer("bypass", "hard", "off");
    await box.until(({ audio }) => audio.isRelayHeld);
  }, 90_000);

  it("has a bundle of logs without any key or code", async () => {
    const { key, code } = await link.command("startPairing", {});
    const { text } = await link.command("logs", {});
    expect(text).toMatch(/^Lacquer \d+\.\d+\.\d+ on sim\n/);
    expect(text).toContain("input.trimDb = 6.0 dB");
    expect(text).not.toContain(key);
    if (code !== null) expect(text).not.toContain(code);
    await link.command("stopPairing", {});
  });

  it("leaves no garbage in the audio thread: no collection while 4 viewers look at everything", async () => {
    const others = await Promise.all([1, 2, 3].map(() => openControlLink({ path: controlSocketPath(box.environment), source: "test" })));
    for (const viewer of [link, ...others]) await viewer.command("subscribeMeters", { maxRateHz: 60, spectrum: true, goniometer: true });
    const { audio: { collections: before } } = await link.command("status", { count: true });
    const [first] = await next(1);
    await next(1, ({ bin }) => bin > first!.bin + 500);
    const { audio: { collections: after } } = await link.command("status", { count: true });
    expect(after - before).toBe(0);
    for (const viewer of others) viewer.close();
  }, 90_000);
});

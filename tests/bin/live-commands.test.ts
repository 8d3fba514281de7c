import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAudio } from "../../src/files/open-audio.js";
import type { LatencyMeasurement } from "../../src/hal/audio-health.js";
import { PARAMETERS } from "../../src/params/table.js";
import type { MeterSnapshot } from "../../src/protocol/meter-snapshot.js";
import { BoxOnSim } from "../support/box-on-sim.js";
import { temporaryFolder } from "../support/temp-folder.js";

const folder = temporaryFolder();
const box = new BoxOnSim(join(folder.path, "box"));

beforeAll(async () => {
  box.spawn("box");
  await box.untilSound();
}, 90_000);
afterAll(() => box.stop());

const json = async (...argv: string[]): Promise<Record<string, unknown>> => {
  const { code, out, err } = await box.lacquer(...argv, "--json");
  expect(err).toBe("");
  expect(code).toBe(0);
  return JSON.parse(out) as Record<string, unknown>;
};

describe("the commands of the running box", () => {
  it("tell how it is: running on the simulated board, 4096 frames of the device and 64 of the chain", async () => {
    const { code, out } = await box.lacquer("status");
    expect(code).toBe(0);
    expect(out).toMatch(/^Sound +running$/m);
    expect(out).toMatch(/^Latency +86\.67 ms \(4096 frames of the device \+ 64 of the chain\)$/m);
  });

  it("set two values as one change, which one undo takes back and one redo brings again", async () => {
    const { out } = await box.lacquer("set", "compressor.ratio=4", "eq.band1.gainDb=-2 dB");
    expect(out).toMatch(/^compressor\.ratio +4\.0:1 .*\neq\.band1\.gainDb +-2\.0 dB /);
    expect(await json("get", "compressor.ratio", "eq.band1.gainDb")).toEqual({ "compressor.ratio": 4, "eq.band1.gainDb": -2 });
    await box.lacquer("undo");
    expect(await json("get", "compressor.ratio", "eq.band1.gainDb")).toEqual({ "compressor.ratio": 2, "eq.band1.gainDb": 0 });
    await box.lacquer("redo");
    expect(await json("get", "compressor.ratio")).toEqual({ "compressor.ratio": 4 });
    await box.lacquer("reset", "compressor", "eq.band1");
    expect(await json("get", "compressor.ratio")).toEqual({ "compressor.ratio": 2 });
  });

  it("give every parameter of the table, or those of a stage", async () => {
    expect(Object.keys(await json("get")).sort()).toEqual(PARAMETERS.map(({ id }) => id).sort());
    expect(Object.keys(await json("get", "limiter"))).toEqual(PARAMETERS.map(({ id }) => id).filter((id) => id.startsWith("limiter.")));
  });

  it.each([
    [["set", "compressor.ratio=0.5"], "compressor.ratio is 0.5; allowed 1:1 to 20:1. The nearest is 1.0:1."],
    [["set", "compressor.rato=2"], "There is no parameter \"compressor.rato\". Did you mean \"compressor.ratio\"?"],
    [["set", "compressor.ratio=2", "compressor.ratio=3"], "compressor.ratio is set twice; set it once."],
    [["get", "nothing"], "There is no parameter \"nothing\"."],
    [["preset", "glu"], "There is no such preset. Did you mean \"glue\"?"],
    [["target", "spotfy"], "There is no target \"spotfy\". Did you mean \"spotify\"?"],
    [["scene", "E"], "The scene is \"E\"; allowed A, B, C, D."],
    [["scene", "D"], "Scene D is empty; store it first."],
    [["bypass", "maybe"], "bypass is \"maybe\"; allowed on or off."],
    [["take", "--seconds", "0"], "--seconds is \"0\"; allowed 1 to 3600."],
    [["meter", "stop"], "There is no \"meter stop\"."],
  ])("refuse %j with exit code 2 and a sentence", async (argv, sentence) => {
    const { code, out, err } = await box.lacquer(...argv);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(`lacquer: ${sentence}`);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  it("apply a preset, a target and a scene, and show them", async () => {
    await box.lacquer("preset", "glue");
    await box.lacquer("scene", "store", "B");
    await box.lacquer("target", "ebu");
    await box.lacquer("reset");
    expect((await box.lacquer("scene", "b")).out).toBe("Scene B is recalled; lacquer undo takes it back.\n");
    expect(await json("preset")).toMatchObject({ preset: "glue", isPresetEdited: false });
    expect(await json("target")).toEqual({ target: "spotify" });
    expect(await json("scene")).toEqual({ scenes: ["B"], sceneFadesS: { A: 0, B: 0, C: 0, D: 0 } });
  });

  it("toggle the bypass", async () => {
    expect(await json("bypass", "on")).toEqual({ on: true });
    expect(await json("bypass")).toEqual({ on: false });
  });

  it("say that no impulse comes back where no cable is, and let the programme flow again", async () => {
    const { code, err } = await box.lacquer("latency");
    expect(code).toBe(2);
    expect(err).toMatch(/^lacquer: .*(cable|sound)/);
    expect((await box.status())?.audio.state).toBe("running");
  });

  // A bypass without level match plays the input as it came, later by the delay of the chain: 64 frames at 48 kHz.
  it("write a take whose output is its input 64 frames later, to the last bit of 24", async () => {
    await box.lacquer("reset");
    await box.lacquer("set", "chain.bypass=on", "chain.levelMatch=off", "dither.bypass=on");
    const { bin } = await nextSnapshot();
    while ((await nextSnapshot()).bin < bin + 250);
    const take = await json("take", "--seconds", "2") as { input: string; output: string; seconds: number; missingSeconds: number };
    expect(take).toMatchObject({ seconds: 2, missingSeconds: 0 });
    const [input, output] = [await readWhole(take.input), await readWhole(take.output)];
    expect(input.length).toBe(2 * 96000);
    expect(output.length).toBe(input.length);
    let worst = 0;
    for (let i = 0; i < input.length - 128; i++) worst = Math.max(worst, Math.abs(output[i + 128]! - input[i]!));
    expect(worst).toBeLessThanOrEqual(2 ** -23);
    expect(input.some((x) => Math.abs(x) > 0.05)).toBe(true);
  }, 60_000);

  it("print the meters as one JSON snapshot a line, each later than the one before", async () => {
    const lines: string[] = [];
    let stop: () => void = () => undefined;
    const { main } = await import("../../src/cli/main.js");
    const code = await main(["meter", "--json"], {
      out: (text) => { lines.push(text); if (lines.length === 5) stop(); }, err: () => undefined,
      isInteractive: false, environment: box.environment, onInterrupt: (handler) => (stop = handler),
    });
    expect(code).toBe(0);
    const bins = lines.map((line) => (JSON.parse(line) as { bin: number }).bin);
    expect(lines.every((line) => line.endsWith("}\n"))).toBe(true);
    expect(bins).toEqual([...bins].sort((a, b) => a - b));
    expect(new Set(bins).size).toBe(bins.length);
  });

  it("say what the ride leads to, and that it rests with a target that asks for no loudness", async () => {
    const statusRide = async (): Promise<string> => /^Ride +(.*)$/m.exec((await box.lacquer("status")).out)![1]!;
    await box.lacquer("reset");
    await box.lacquer("target", "ebu");
    expect(await statusRide()).toBe("off");
    await box.lacquer("set", "loudness.ride=on");
    expect(await statusRide()).toBe("to -23.0 LUFS");
    await box.lacquer("target", "none");
    expect(await statusRide()).toBe("rests: the target asks for no loudness");
    expect(await json("get", "loudness.ride")).toEqual({ "loudness.ride": 1 });
    await expect.poll(async () => (await nextSnapshot()).ride, { timeout: 30_000 }).toEqual({ gainDb: 0, state: "noTarget" });
    await box.lacquer("reset");
    await box.lacquer("target", "spotify");
  }, 60_000);

  it("watch changes and say who made them", async () => {
    let printed = "";
    let stop: () => void = () => undefined;
    const { main } = await import("../../src/cli/main.js");
    const watching = main(["watch"], {
      out: (text) => { printed += text; if (printed.includes("loudness")) stop(); }, err: () => undefined,
      isInteractive: false, environment: box.environment, onInterrupt: (handler) => (stop = handler),
    });
    // The watcher hears of changes from its connection on: change until it does.
    for (let db = 1; !printed.includes("loudness"); db = db % 20 + 1) await box.lacquer("set", `loudness.driveDb=${db}`);
    expect(await watching).toBe(0);
    expect(printed).toMatch(/^cli: loudness\.driveDb -?\d+\.\d dB -> \d+\.0 dB$/m);
  });

  it("are told that a second box cannot run beside the first, which plays on", async () => {
    const second = new BoxOnSim(join(folder.path, "second"));
    second.environment["LACQUER_SOCKET"] = box.environment["LACQUER_SOCKET"]!;
    const child = second.spawn("box");
    await new Promise((resolve) => child.once("exit", resolve));
    expect(child.exitCode).toBe(2);
    expect(second.log).toContain("error: A box runs already: it answers at ");
    expect((await box.status())?.audio.state).toBe("running");
  });
});

describe("a box with a cable from its output to its input", () => {
  const patched = new BoxOnSim(join(folder.path, "patched"), { simulation: { mixer: "silence", patchCable: true } });
  afterAll(() => patched.stop());

  // The simulated card plays what was written after its buffer of 4 periods of 1024 frames.
  it("measures 4096 frames through the cable and 64 of the chain: 4160 frames, 86.67 ms", async () => {
    patched.spawn("box");
    await patched.untilSound();
    const { code, out, err } = await patched.lacquer("latency", "--json");
    expect(err).toBe("");
    expect(code).toBe(0);
    const found = JSON.parse(out) as LatencyMeasurement;
    expect(found).toMatchObject({ loopFrames: 4096, chainFrames: 64, totalFrames: 4160 });
    expect(found.totalMs).toBeCloseTo(4160 / 48, 3);
    expect(Math.abs(found.returnDb)).toBeLessThan(0.5);
  }, 90_000);
});

describe("the commands without a box", () => {
  const absent = new BoxOnSim(join(folder.path, "absent"));

  it.each(["status", "get", "undo", "meter", "watch", "latency"])("say how to start one: %s", async (name) => {
    const { code, out, err } = await absent.lacquer(name);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toMatch(/^lacquer: No box is running: .* npm start/);
  });
});

async function readWhole(path: string): Promise<Float64Array> {
  expect(readFileSync(path).subarray(0, 4).toString()).toBe("RIFF");
  const source = await openAudio(path);
  const sound = new Float64Array(2 * source.frames);
  source.read(sound, source.frames);
  source.close();
  return sound;
}

async function nextSnapshot(): Promise<MeterSnapshot> {
  let snapshot: MeterSnapshot | undefined;
  let stop: () => void = () => undefined;
  const { main } = await import("../../src/cli/main.js");
  await main(["meter", "--json"], {
    out: (text) => { snapshot = JSON.parse(text) as MeterSnapshot; stop(); }, err: () => undefined,
    isInteractive: false, environment: box.environment, onInterrupt: (handler) => (stop = handler),
  });
  return snapshot!;
}

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { systemTime } from "../../src/config/start-counter.js";
import { BoxOnSim } from "../support/box-on-sim.js";
import { temporaryFolder } from "../support/temp-folder.js";

const folder = temporaryFolder();
let box: BoxOnSim;
afterEach(() => box.stop());

const valueOf = async (id: string): Promise<number | undefined> =>
  (JSON.parse((await box.lacquer("get", id, "--json")).out) as Record<string, number>)[id];

describe("the box", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("ends by %s with exit code 0, takes its socket away and has saved what was set just before", async (signal) => {
    box = new BoxOnSim(join(folder.path, signal));
    box.spawn("box");
    await box.untilSound();
    await box.lacquer("set", "compressor.ratio=5");
    expect(await box.stop(signal)).toMatchObject({ code: 0, signal: null });
    expect(readdirSync(box.folder)).not.toContain("control.sock");
    box.spawn("box");
    await box.untilSound();
    expect(await valueOf("compressor.ratio")).toBe(5);
  }, 120_000);

  it("ends with exit code 0 although a signal comes while it still starts", async () => {
    box = new BoxOnSim(join(folder.path, "early"));
    box.spawn("box");
    while (!box.log.includes("simulated board")) await setTimeout(5);
    expect(await box.stop()).toMatchObject({ code: 0, signal: null });
  }, 60_000);

  // The limit of the product is 2 s; the thread would hang for 60.
  it("ends with exit code 0 and its settings saved although the audio thread hangs in a call of the system", async () => {
    box = new BoxOnSim(join(folder.path, "hung"));
    box.spawn("hung-box");
    await box.until(({ audio }) => audio.state === "waiting");
    await box.lacquer("set", "compressor.ratio=9");
    const { code, tookMs } = await box.stop();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(20_000);
    expect(readdirSync(box.stateFolder).filter((name) => /^state-v1-[ab]$/.test(name)).length).toBeGreaterThan(0);
  }, 60_000);

  it("plays through the limiter alone after four starts within a minute, says so, and keeps the state under another name", async () => {
    box = new BoxOnSim(join(folder.path, "safe"));
    box.spawn("box");
    await box.until(() => true);
    await box.lacquer("set", "compressor.ratio=7", "compressor.bypass=off");
    while (!existsSync(box.stateFolder) || !readdirSync(box.stateFolder).some((name) => /^state-v1-[ab]$/.test(name))) await setTimeout(50);
    expect(await box.stop("SIGKILL")).toMatchObject({ code: null, signal: "SIGKILL" });
    const counter = join(box.stateFolder, "starts");
    expect((JSON.parse(readFileSync(counter, "utf8")) as { startsS: number[] }).startsS).toHaveLength(1);
    // Three starts of this moment, however slow the machine is; the next is the fourth.
    const { bootId, uptimeS } = systemTime();
    writeFileSync(counter, JSON.stringify({ bootId, startsS: [uptimeS, uptimeS, uptimeS] }));
    box.spawn("box");
    const { notices } = await box.untilSound();
    expect(notices.join(" ")).toMatch(/^SAFE MODE: .* is kept as state-v1-/);
    expect(readdirSync(box.stateFolder).filter((name) => name.includes("damaged")).length).toBeGreaterThan(0);
    expect(await valueOf("compressor.ratio")).toBe(2);
    for (const stage of ["filters", "eq", "compressor", "multiband", "imager", "saturation", "loudness"]) expect(await valueOf(`${stage}.bypass`), stage).toBe(1);
    expect(await valueOf("limiter.bypass")).toBe(0);
    expect(await valueOf("chain.bypass")).toBe(0);
  }, 180_000);

  it("names the line of a fault in its configuration, uses the default, and plays", async () => {
    box = new BoxOnSim(join(folder.path, "faulty"), { web: { port: 99999 } });
    box.spawn("box");
    const { notices } = await box.untilSound();
    expect(notices.join(" ")).toMatch(/lacquer\.json:1: web\.port .*The default is used\./);
  }, 60_000);

  it("refuses a sound file that is not there, with exit code 2", async () => {
    box = new BoxOnSim(join(folder.path, "mixer"), { simulation: { mixer: join(folder.path, "absent.wav") } });
    const child = box.spawn("box");
    await new Promise((resolve) => child.once("exit", resolve));
    expect(child.exitCode).toBe(2);
    expect(box.log).toContain("absent.wav");
  }, 60_000);
});

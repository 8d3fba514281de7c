import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { loadState } from "../../src/config/load-state.js";
import { BoxOnSim } from "../support/box-on-sim.js";
import { TestPhone } from "../support/test-phone.js";
import { temporaryFolder } from "../support/temp-folder.js";

const RATE_HZ = 48000;
/** Two samples of 4 bytes. */
const FRAME_BYTES = 8;
/** More than the header of the file. */
const HEADER_BYTES = 128;

const folder = temporaryFolder();
let box: BoxOnSim;
afterEach(() => box.stop());

/** Waits until the newest state on the disk has a value: 3 s on a disk that does nothing else. */
async function untilSaved({ stateFolder }: BoxOnSim, id: string, value: number): Promise<void> {
  const isSaved = async (): Promise<boolean> => (await loadState({ folder: stateFolder, targets: ["spotify"] })).state?.values[id] === value;
  while (!await isSaved()) await setTimeout(50);
}

describe("npm start", () => {
  it("starts the box again within its time after kill -9, with the settings of before, and ends with both", async () => {
    box = new BoxOnSim(join(folder.path, "start"));
    box.spawn("start", "--port", "0");
    const before = await box.untilSound();
    await box.lacquer("set", "compressor.ratio=6");
    await untilSaved(box, "compressor.ratio", 6);
    process.kill(box.childId("box")!, "SIGKILL");
    const after = await box.until(({ uptimeS }) => uptimeS < before.uptimeS + 3);
    expect(after.audio.state).toBe("running");
    expect(JSON.parse((await box.lacquer("get", "compressor.ratio", "--json")).out)).toEqual({ "compressor.ratio": 6 });
    expect(box.log).toContain("The box ended unexpectedly (SIGKILL); it is started again.");
    const keys = (): string[] => [...box.log.matchAll(/http:\/\/localhost:\d+\/#([A-Z2-7]{26})/g)].map(([, key = ""]) => key);
    while (keys().length < 2) await setTimeout(20);
    const [first, second] = keys();
    expect(second).not.toBe(first);
    const phone = new TestPhone(Number(/localhost:(\d+)/.exec(box.log)?.[1]), { kind: "url", key: second ?? "" });
    while (phone.of("welcome").length === 0) await setTimeout(20);
    phone.socket.close();
    expect(await box.stop()).toMatchObject({ code: 0, signal: null });
    expect(readdirSync(box.folder)).not.toContain("control.sock");
  }, 120_000);

  it("ends with 0 when it is asked to before the box has begun", async () => {
    box = new BoxOnSim(join(folder.path, "early"));
    box.spawn("start", "--port", "0");
    const { pid } = box.child!;
    while (readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8") === "") await setTimeout(5);
    expect(await box.stop()).toMatchObject({ code: 0, signal: null });
    expect(box.log).toMatch(/^The box (ends: SIGTERM|ended by SIGTERM before it had begun)\.$/m);
  }, 60_000);

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("says in one line each that box and page end by %s", async (signal) => {
    box = new BoxOnSim(join(folder.path, signal));
    const child = box.spawn("start", "--port", "0");
    await box.untilSound();
    while (!box.log.includes("Open http")) await setTimeout(20);
    const ended = once(child, "close");
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(box.log.match(/.* ends: .*/g)?.sort()).toEqual([`The box ends: ${signal}.`, `The page ends: ${signal}.`]);
  }, 60_000);

  it("says why when somebody ends the page alone, and then the box alone, and ends with the box", async () => {
    box = new BoxOnSim(join(folder.path, "alone"));
    const child = box.spawn("start", "--port", "0");
    await box.untilSound();
    while (!box.log.includes("Open http")) await setTimeout(20);
    process.kill(box.childId("web")!, "SIGTERM");
    while (!box.log.includes("The page ends: SIGTERM.")) await setTimeout(20);
    expect((await box.status())!.audio.state).toBe("running");
    const ended = once(child, "close");
    process.kill(box.childId("box")!, "SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(box.log).toContain("The box ends: SIGTERM.");
  }, 60_000);

  it("starts the page again after kill -9 of the web process, and the box takes no notice", async () => {
    box = new BoxOnSim(join(folder.path, "web"));
    box.spawn("start", "--port", "0");
    await box.untilSound();
    while (!box.log.includes("The page is served")) await setTimeout(20);
    const [first, before] = [box.childId("web")!, await box.status()];
    process.kill(first, "SIGKILL");
    while (box.log.split("The page is served").length < 3) await setTimeout(20);
    const after = await box.status();
    expect(after!.uptimeS).toBeGreaterThan(before!.uptimeS);
    expect(after!.audio.framesOut).toBeGreaterThan(before!.audio.framesOut);
    expect(box.log).toContain("The page ended unexpectedly (SIGKILL); it is started again.");
    expect(box.log).not.toContain("The box ended");
  }, 120_000);

  it("says that a port is taken and plays on without the page", async () => {
    box = new BoxOnSim(join(folder.path, "port"));
    const other = new BoxOnSim(join(folder.path, "other"));
    other.spawn("start", "--port", "0");
    await other.untilSound();
    while (!other.log.includes("The page is served on port ")) await setTimeout(20);
    const [, port = ""] = /The page is served on port (\d+)/.exec(other.log) ?? [];
    box.spawn("start", "--port", port);
    await box.untilSound();
    while (!box.log.includes("is taken")) await setTimeout(20);
    expect(box.log).toContain(`Port ${port} is taken by another program; take another one with --port N.`);
    expect(other.log).toContain(`Open http://localhost:${port}`);
    expect(box.log).not.toContain("Open http");
    expect((await box.status())!.audio.state).toBe("running");
    await other.stop();
  }, 120_000);

  it.each([["--port", "99999"], ["--port", "x"], ["--bord", "sim"]])("refuses %s %s with exit code 2", async (...argv) => {
    box = new BoxOnSim(join(folder.path, "refused"));
    const child = box.spawn("start", ...argv);
    await new Promise((resolve) => child.once("exit", resolve));
    expect(child.exitCode).toBe(2);
    expect(box.log.trim().split("\n")).toHaveLength(1);
  }, 30_000);
});

describe("the sound, while the web process is killed", () => {
  /** Two seconds and more of what the recorder hears, once without an interruption, which a very busy machine may cause. */
  async function record(name: string, isKilled: boolean): Promise<Buffer> {
    for (let attempt = 1; ; attempt++) {
      const file = join(folder.path, `${name}-${attempt}.wav`);
      box = new BoxOnSim(join(folder.path, `${name}-${attempt}`), { simulation: { mixer: "programme", recorder: file } });
      box.spawn("start", "--port", "0");
      await box.untilSound();
      while (!box.log.includes("The page is served")) await setTimeout(20);
      if (isKilled) process.kill(box.childId("web")!, "SIGKILL");
      const { audio: before } = (await box.status())!;
      const { audio } = await box.until((status) => status.audio.framesOut > before.framesOut + 2 * RATE_HZ);
      await box.stop();
      if (audio.restarts === 0) return readFileSync(file);
      expect(attempt).toBeLessThan(3);
    }
  }

  // The simulated mixer plays the same programme at each start, and the chain is exact: what differs was disturbed.
  it("is the same to the last bit as without (F23)", async () => {
    const [whole, killed] = [await record("whole", false), await record("killed", true)];
    // All but the header and the last second, in which the fade of the end may stand.
    const end = Math.min(whole.length, killed.length) - FRAME_BYTES * RATE_HZ;
    expect(end).toBeGreaterThan(FRAME_BYTES * RATE_HZ);
    expect(new Set(whole.subarray(end - FRAME_BYTES * 4800, end)).size).toBeGreaterThan(200);
    expect(killed.subarray(HEADER_BYTES, end).equals(whole.subarray(HEADER_BYTES, end))).toBe(true);
  }, 180_000);
});

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { WavWriter } from "../../src/files/wav-writer.js";
import { pinkNoise } from "../support/signals.js";
import { temporaryFolder } from "../support/temp-folder.js";

/** The command as it is installed; the build makes it. */
const CLI = "dist/src/bin/cli.js";
const folder = temporaryFolder();

function writeNoise(name: string, seconds: number): string {
  const path = join(folder.path, name);
  const writer = new WavWriter(path, { sampleRateHz: 48000, format: "pcm24", maxFrames: seconds * 48000 });
  const second = Float64Array.from(pinkNoise(96000, -20, 1));
  for (let n = 0; n < seconds; n++) writer.write(second, 48000);
  writer.finish();
  return path;
}

describe("the process", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("ends by %s in the middle of its work and leaves no file behind", async (signal) => {
    const mix = writeNoise("mix.wav", 60);
    const before = readdirSync(folder.path);
    const child = spawn(process.execPath, [CLI, "master", mix, join(folder.path, "out.wav"), "--report", join(folder.path, "out.html")]);
    const ended = once(child, "exit");
    while (readdirSync(folder.path).length < before.length + 2 && child.exitCode === null) await setTimeout(10);
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    expect(readdirSync(folder.path)).toEqual(before);
  });

  it("says in one line, with exit code 2, that its results could not be written to a full device", () => {
    const mix = writeNoise("one.wav", 1);
    const { status, stderr } = spawnSync(process.execPath, [CLI, "measure", mix], { stdio: ["ignore", openSync("/dev/full", "w"), "pipe"] });
    expect(status).toBe(2);
    expect(stderr.toString()).toBe("lacquer: the result could not be written (ENOSPC).\n");
  });

  it("ends the box, and says why where it still can, when the reader of its lines goes away", async () => {
    const env = { ...process.env, LACQUER_SOCKET: join(folder.path, "quiet.sock"), XDG_STATE_HOME: folder.path };
    const child = spawn(process.execPath, ["dist/src/bin/start.js", "--board", "sim", "--port", "0"], { env });
    let errors = "";
    child.stderr.on("data", (text) => (errors += String(text)));
    const ended = once(child, "exit");
    await once(child.stdout, "data");
    child.stdout.destroy();
    expect(await ended).toEqual([0, null]);
    expect(errors).toBe("Nobody reads what the box says (write EPIPE); it ends.\n");
  }, 15_000);

  it("puts JSON alone on its standard output, and nothing on the other", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, "measure", writeNoise("json.wav", 1), "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout.toString())).toHaveProperty("integratedLufs");
    expect(stderr.toString()).toBe("");
  });
});

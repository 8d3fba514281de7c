import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { controlSocketPath } from "../../src/config/folders.js";
import type { MeterSnapshot } from "../../src/protocol/meter-snapshot.js";
import { openControlLink, type ControlLink } from "../../src/server/control-link.js";
import { BoxOnSim } from "../support/box-on-sim.js";
import { recordedFrames } from "../support/recorded-frames.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { until } from "../support/until.js";

const RATE_HZ = 48_000;
/** So many frames of nothing are no passage of the sine through zero. */
const GAP_FRAMES = 8;
/** Sound comes back over 20 ms. */
const RAMP_FRAMES = 960;

const folder = temporaryFolder();
let file: string;
let box: BoxOnSim;
let link: ControlLink;
let snapshots: MeterSnapshot[] = [];
const notices: string[] = [];

beforeAll(async () => {
  file = join(folder.path, "recorder.wav");
  box = new BoxOnSim(join(folder.path, "box"), { simulation: { mixer: "sine", recorder: file } });
  box.spawnScript("dist/tests/support/slow-box.js", "--config", box.configFile);
  await box.untilSound();
  link = await openControlLink({ path: controlSocketPath(box.environment), source: "test" });
  link.listen((event) => {
    if (event.type === "meters") snapshots.push(event.snapshot);
    if (event.type === "notice") notices.push(event.sentence);
  });
  await link.command("subscribeMeters", { maxRateHz: 30, spectrum: true, goniometer: true });
}, 90_000);
afterAll(async () => {
  link.close();
  await box.stop();
});

const isAnalysed = ({ spectrum, goniometer }: MeterSnapshot): boolean => spectrum !== undefined && goniometer !== undefined;

/** Waits for a snapshot from now on. */
async function next(isWanted: (snapshot: MeterSnapshot) => boolean): Promise<MeterSnapshot> {
  snapshots = [];
  await until(() => snapshots.some(isWanted), 60);
  return snapshots.find(isWanted)!;
}

/** Stretches in which nothing was heard; the dither at the foot of a ramp makes none of its own. */
function gaps(left: Float32Array): number {
  let [zeros, count, lastSilent] = [0, 0, -Infinity];
  left.forEach((sample, frame) => {
    zeros = sample === 0 ? zeros + 1 : 0;
    if (zeros < GAP_FRAMES) return;
    if (frame - lastSilent > RAMP_FRAMES) count++;
    lastSilent = frame;
  });
  return count;
}

it("leaves meters and analysis out while blocks take 90 % of their period, says so, and brings them back by itself; the sound goes on", async () => {
  await next(isAnalysed);
  const before = (await box.status())!.audio;
  box.child!.kill("SIGUSR2");
  const shed = (await box.until(({ audio }) => audio.shedding === "analysis")).audio;
  await until(() => notices.some((text) => text.startsWith("The meters stand still")), 10);
  await next((snapshot) => snapshot.spectrum === undefined && snapshot.momentaryLufs === null);
  await box.until(({ audio }) => audio.framesOut > shed.framesOut + RATE_HZ);
  box.child!.kill("SIGUSR2");
  await box.until(({ audio }) => audio.shedding === "none");
  await until(() => notices.includes("The processor keeps up again."), 10);
  const back = await next((snapshot) => isAnalysed(snapshot) && snapshot.momentaryLufs !== null);
  expect(Math.max(...back.spectrum!.inputFine)).toBeCloseTo(-20, 0);
  const after = (await box.status())!.audio;
  link.close();
  await box.stop();
  const left = recordedFrames(file).filter((_, k) => k % 2 === 0);
  expect(left.length).toBeGreaterThan(20 * RATE_HZ);
  // Without the first moments, in which the box takes over, and the fade of the end.
  expect(gaps(left.subarray(RATE_HZ, -RATE_HZ))).toBeLessThanOrEqual(after.restarts - before.restarts);
}, 180_000);

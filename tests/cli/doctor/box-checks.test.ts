import { describe, expect, it } from "vitest";
import { checkBox } from "../../../src/cli/doctor/box-checks.js";
import { checkWebPort } from "../../../src/cli/doctor/web-checks.js";
import type { AudioHealth } from "../../../src/hal/audio-health.js";
import type { BoxStatus } from "../../../src/protocol/messages.js";
import { fakeMachine, fakeProcess } from "../../support/fake-machine.js";

const HEALTHY: AudioHealth = {
  state: "running", detail: "",
  format: { device: "hw:CARD=hat,DEV=0", sampleRateHz: 48000, periodFrames: 64, periods: 3, format: "S32_LE", isLinked: true, isPaced: true, hasMonitor: false },
  latency: { deviceFrames: 192, chainFrames: 64, totalMs: 5.33 },
  framesIn: 48000, framesOut: 48000,
  faults: { overrun: 0, underrun: 0, suspended: 0, shortTransfer: 0, stalled: 0, disconnected: 0, wrongClock: 0, other: 0 },
  restarts: 0, reopens: 0, load: { p50Percent: 20, p99Percent: 31, maxPercent: 60 }, shedding: "none", collections: 0,
  refused: { priority: undefined, memoryLock: undefined }, stageFaults: 0, isolatedStages: [], nonfiniteInputs: 0, nonfiniteOutputs: 0,
  measuredRateHz: 48000, isOutputDead: false, isDcMuted: false, isRelayHeld: true,
};

function box(audio: Partial<AudioHealth>, notices: readonly string[] = []): BoxStatus {
  return { version: "1.0.0", board: "pi", uptimeS: 60, audio: { ...HEALTHY, ...audio }, notices, processorCelsius: 50, memoryBytes: 1e8, clients: 1 };
}

const troubles = (status: BoxStatus | string): string[] => checkBox(status).filter(({ level }) => level !== "ok").map(({ level, check }) => `${level}: ${check}`);

describe("the doctor's questions to the running box", () => {
  it("finds nothing wrong with a healthy one, and tells its delay", () => {
    expect(troubles(box({}))).toEqual([]);
    expect(checkBox(box({})).map(({ sentence }) => sentence).join(" ")).toContain("5.33 ms");
  });

  it("says what could not be asked when no box runs: a warning, no problem", () => {
    const [finding, ...rest] = checkBox("The box is not running.");
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ level: "warning", sentence: "The box is not running. Its sound, load and rights could not be asked." });
  });

  it.each([
    ["waits for its card", { state: "waiting", detail: "The device is gone." }, "problem: Sound"],
    ["puts out silence while the input lives", { isOutputDead: true }, "problem: Sound"],
    ["has muted a constant offset", { isDcMuted: true }, "problem: Sound"],
    ["left a stage out", { isolatedStages: ["saturation"] }, "problem: Sound"],
    ["has let go of its relay", { isRelayHeld: false }, "warning: Sound"],
    ["met 3 underruns", { faults: { ...HEALTHY.faults, underrun: 3 } }, "warning: Interruptions"],
    ["needs 80 % of the time", { load: { p50Percent: 50, p99Percent: 80, maxPercent: 99 } }, "warning: Load"],
    ["sheds its meters", { shedding: "meters" }, "problem: Load"],
    ["was refused its priority", { refused: { priority: "not permitted", memoryLock: undefined } }, "warning: Real-time rights"],
  ] as const)("finds the box that %s", (_, audio, expected) => {
    expect(troubles(box(audio as Partial<AudioHealth>))).toEqual([expected]);
  });

  it("passes the box's own notices on", () => {
    expect(troubles(box({}, ["The saved state was damaged and set aside."]))).toEqual(["warning: Box"]);
  });
});

/** A line of /proc/net/tcp6 of a socket that listens on all addresses (proc(5): local address in hex, state 0A). */
function listening(port: number): string {
  return `  sl  local_address rem_address   st\n   0: 00000000000000000000000000000000:${port.toString(16).toUpperCase().padStart(4, "0")} 00000000000000000000000000000000:0000 0A 0\n`;
}

describe("the doctor's look at the page's port", () => {
  it("finds port 8080 free, taken by a stranger, or ours", () => {
    const taken = { "/proc/net/tcp6": listening(8080) };
    expect(checkWebPort(fakeMachine(), 8080)).toMatchObject([{ level: "ok", sentence: expect.stringContaining("free") }]);
    expect(checkWebPort(fakeMachine({ files: taken }), 8080)).toMatchObject([{ level: "problem" }]);
    expect(checkWebPort(fakeMachine({ files: taken }), 80)).toMatchObject([{ level: "ok" }]);
    const ours = fakeProcess(5, "node", ["node", "/x/dist/src/bin/web.js"]);
    expect(checkWebPort(fakeMachine({ files: { ...taken, ...ours } }), 8080)).toMatchObject([{ level: "ok", sentence: expect.stringContaining(":8080/") }]);
  });

  it("asks the socket unit of the service for its port, and warns when nothing listens there", () => {
    const unit = { "/etc/systemd/system/lacquer-web.socket": "[Socket]\nListenStream=80\n" };
    expect(checkWebPort(fakeMachine({ files: unit }), 8080)).toMatchObject([{ level: "warning", sentence: "Nothing listens on port 80." }]);
    const moved = { ...unit, "/etc/systemd/system/lacquer-web.socket.d/port.conf": "[Socket]\nListenStream=\nListenStream=8123\n", "/proc/net/tcp6": listening(8123) };
    expect(checkWebPort(fakeMachine({ files: moved }), 8080)).toMatchObject([{ level: "ok", sentence: expect.stringContaining("8123") }]);
  });
});

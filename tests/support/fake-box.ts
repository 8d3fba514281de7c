import { AUDIO_FAULTS, type AudioFault } from "../../src/hal/audio.js";
import { PARAMETERS } from "../../src/params/table.js";
import type { BoxStatus, ControlState } from "../../src/protocol/messages.js";
import type { MeterSnapshot } from "../../src/protocol/meter-snapshot.js";
import type { PairingOffer } from "../../src/protocol/phones.js";
import type { BoxCommands } from "../../src/server/box-commands.js";
import type { UploadStore } from "../../src/server/client-upload.js";
import type { PhoneDirectory } from "../../src/server/control-connection.js";
import { ControlSocket } from "../../src/server/control-socket.js";
import { NOTHING_COMPARED } from "./references.js";

/** A state as a box has it after its start. */
export function controlState(sequence = 0): ControlState {
  return {
    sequence, values: Object.fromEntries(PARAMETERS.map((row) => [row.id, row.default])),
    preset: null, isPresetEdited: false, target: "spotify", scenes: [], sceneNames: { A: "", B: "", C: "", D: "" },
    sceneFadesS: { A: 0, B: 0, C: 0, D: 0 }, fadingTo: null, setList: { scenes: [], at: null, follows: "hand" }, isHardBypassed: false, canUndo: false, canRedo: false,
  };
}

/** The meters `bin` hundredths of a second after the start, in the middle of a programme that swings by some decibels. */
export function meterSnapshot(bin: number): MeterSnapshot {
  const swing = 3 * Math.sin(bin / 90) + 2 * Math.sin(bin / 17);
  return {
    bin, momentaryLufs: -14 + swing, shortTermLufs: -14.2 + swing / 3, integratedLufs: -14.1, loudnessRangeLu: 5.6,
    maxMomentaryLufs: -10.4, maxShortTermLufs: -12.3, maxTruePeakDbtp: -1, measuredS: bin / 100, isPaused: false,
    input: { truePeakDbtp: [-9 + swing, -9.5 + swing], rmsDbfs: [-22 + swing, -22.6 + swing] },
    output: { truePeakDbtp: [Math.min(-1, -2 + swing), Math.min(-1, -2.4 + swing)], rmsDbfs: [-15 + swing, -15.3 + swing] },
    reductionDb: { eqDynamic: [1.2, 0], compressor: Math.max(0, 2 + swing), multiband: [1, 2, 1.5, 0.5], limiter: Math.max(0, swing) },
    correlation: 0.62, inputClips: 0, stages: [{ id: "compressor", inDbfs: -9, outDbfs: -11 }], compressorInputDbfs: -18, matchGainDb: 5.5, ride: { gainDb: 1.5, state: "riding" }, songIndex: 1,
  };
}

/** The status of a box whose sound flows. */
export function boxStatus(): BoxStatus {
  return {
    version: "0.0.0", board: "fake", uptimeS: 61, notices: [], processorCelsius: 48.2, memoryBytes: 9e7, clients: 1,
    audio: {
      state: "running", detail: "", latency: { deviceFrames: 192, chainFrames: 64, totalMs: 5.3 }, framesIn: 1000, framesOut: 1000,
      format: { device: "fake", sampleRateHz: 48000, periodFrames: 64, periods: 3, format: "S32_LE", isLinked: true, isPaced: true, hasMonitor: false },
      faults: Object.fromEntries(AUDIO_FAULTS.map((fault) => [fault, 0])) as Record<AudioFault, number>, restarts: 0, reopens: 0,
      load: { p50Percent: 21, p99Percent: 34, maxPercent: 61 }, shedding: "none", collections: 0,
      refused: { priority: undefined, memoryLock: undefined }, stageFaults: 0, isolatedStages: [], nonfiniteInputs: 0, nonfiniteOutputs: 0,
      measuredRateHz: 48000.4, isOutputDead: false, isDcMuted: false, isRelayHeld: true,
    },
  };
}

/** An offer to pair a phone. */
export function pairingOffer(): PairingOffer {
  return { role: "control", code: "1234 5678", key: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", secondsLeft: 60, triesLeft: 5, pagePort: 8080 };
}

/** Commands that answer soundly, note their calls in `calls`, and change nothing. */
export function fakeCommands(calls: unknown[]): BoxCommands {
  const values = { values: {} };
  const levels = {
    learn: { phase: "idle", heardS: 0, plan: null, measured: null }, preview: { hasMonitorOutput: false, platform: null, gainDb: 0, secondsLeft: null },
  } as const;
  const list = { setList: { scenes: [], at: null, follows: "hand" } as const };
  const answer = <T>(name: string, result: T) => (input: unknown, source: string): Promise<T> => {
    calls.push([name, input, source]);
    return Promise.resolve(result);
  };
  return {
    status: answer("status", boxStatus()), get: answer("get", values), set: answer("set", values), reset: answer("reset", values),
    undo: answer("undo", values), redo: answer("redo", values), bypass: answer("bypass", { on: true }),
    listPresets: answer("listPresets", { presets: [] }), applyPreset: answer("applyPreset", values),
    storeScene: answer("storeScene", {}), recallScene: answer("recallScene", values), setSceneFade: answer("setSceneFade", {}),
    setSetList: answer("setSetList", list), stepSetList: answer("stepSetList", list), markSection: answer("markSection", list),
    listTargets: answer("listTargets", { targets: [{ id: "spotify", name: "Spotify", loudnessLufs: -14, ceilingDbtp: -1 }] }),
    setTarget: answer("setTarget", { target: "spotify" }), controlMeters: answer("controlMeters", {}),
    bypassStage: answer("bypassStage", { on: true }), hardBypass: answer("hardBypass", { on: true }),
    savePreset: answer("savePreset", { preset: "own-1" }), renamePreset: answer("renamePreset", {}), deletePreset: answer("deletePreset", {}),
    exportPreset: answer("exportPreset", { file: { version: 1, name: "Mine", sentence: "Mine.", values: {} } as const }),
    importPreset: answer("importPreset", { preset: "own-1" }), renameScene: answer("renameScene", {}), clearScene: answer("clearScene", {}),
    markSong: answer("markSong", { songs: [] }), listSongs: answer("listSongs", { songs: [] }),
    platforms: answer("platforms", { integratedLufs: -14, maxTruePeakDbtp: -1, plrDb: 13, platforms: [] }),
    levels: answer("levels", levels), learn: answer("learn", levels), preview: answer("preview", levels),
    loudnessHistory: answer("loudnessHistory", { stepS: 1, endS: 0, shortTermLufs: [], momentaryMaxLufs: [] }),
    logs: answer("logs", { text: "" }), listPhones: answer("listPhones", { phones: [] }), forgetPhone: answer("forgetPhone", {}),
    renamePhone: answer("renamePhone", {}), setPhoneRole: answer("setPhoneRole", {}),
    startPairing: answer("startPairing", pairingOffer()), stopPairing: answer("stopPairing", {}),
    pairingState: answer("pairingState", { offers: [pairingOffer()], button: { name: "target", holdS: 3 } }), phoneKey: answer("phoneKey", { key: "A".repeat(26) }),
    addPhone: answer("addPhone", { phone: "p1", key: "A".repeat(26), role: "control" } as const), wrongPairingTry: answer("wrongPairingTry", { triesLeft: 4 }),
    take: answer("take", { input: "/in.wav", output: "/out.wav", seconds: 10, missingSeconds: 0 }),
    listReferences: answer("listReferences", { references: [] }), renameReference: answer("renameReference", {}),
    deleteReference: answer("deleteReference", {}),
    armReferences: answer("armReferences", { warning: "The recorder hears it." }), compareReference: answer("compareReference", { on: true }),
    setComparison: answer("setComparison", {}), comparison: answer("comparison", NOTHING_COMPARED),
    diagnosis: answer("diagnosis", { findings: [] }), tryRemedy: answer("tryRemedy", { values: {}, loudnessChangeDb: 0 }),
    compareMix: answer("compareMix", { heardS: 0, references: 0, comparison: null }),
    suggestMatch: answer("suggestMatch", { freqHz: [], gainsDb: [], wantedDb: [], hints: [] }),
    applyMatch: answer("applyMatch", { values: {}, loudnessChangeDb: 0 }),
    latency: answer("latency", { loopFrames: 200, chainFrames: 64, totalFrames: 264, totalMs: 5.5, returnDb: -6 }),
  };
}

/** No phone is paired. */
const NO_PHONES: PhoneDirectory = { find: () => undefined, arrive: () => undefined, leave: () => undefined };

/** There is no room for any file. */
const NO_UPLOADS: UploadStore = { begin: () => Promise.reject(new RangeError("This box takes no files.")) };

/** What a fake box may have that is real. */
export interface FakeBoxParts {
  readonly nowMs?: () => number;
  readonly phones?: PhoneDirectory;
  readonly uploads?: UploadStore;
}

/** A control socket of a box that changes nothing by itself. */
export class FakeBox {
  readonly calls: unknown[] = [];
  readonly errors: unknown[] = [];
  readonly socket: ControlSocket;
  #sequence = 0;
  #snapshot = meterSnapshot(0);

  constructor(path: string, commands: Partial<BoxCommands> = {}, { nowMs = () => performance.now(), phones = NO_PHONES, uploads = NO_UPLOADS }: FakeBoxParts = {}) {
    this.socket = new ControlSocket({
      path, version: "0.0.0", state: () => controlState(this.#sequence), commands: { ...fakeCommands(this.calls), ...commands },
      phones, uploads, references: () => [], comparison: () => NOTHING_COMPARED, nowMs, onError: (error) => this.errors.push(error), openMeters: () => ({ take: () => this.#snapshot, close: () => undefined }),
    });
  }

  /** Offers a snapshot: it goes to each client for which one is due. */
  meters(snapshot: MeterSnapshot): void {
    this.#snapshot = snapshot;
    this.socket.sendMeters();
  }

  /** Tells all clients of a change of one value. */
  change(id: string, value: number): void {
    this.socket.change({ sequence: ++this.#sequence, source: "knob", state: { values: { [id]: value } } });
  }
}

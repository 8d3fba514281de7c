import type { SoundProfile } from "../../src/analysis/sound-profile.js";
import { diagnosisCommands } from "../../src/box/diagnosis-commands.js";
import { SoundListener } from "../../src/box/sound-listener.js";
import { loadTargets } from "../../src/config/targets.js";
import { ParameterStore } from "../../src/control/parameter-store.js";
import { Chain } from "../../src/engine/chain.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import { TapReader } from "../../src/engine/tap-reader.js";
import type { AudioHealth } from "../../src/hal/audio-health.js";
import type { Finding, FindingId } from "../../src/protocol/diagnosis.js";
import type { StereoSignal } from "./run-chain.js";
import { TapMemory } from "./tap-memory.js";

const RATE = 48_000;
const BLOCK = 480;
const format = { sampleRateHz: RATE } as AudioHealth["format"];

/** A box whose ears hear the real chain, as fast as it can be computed, at 48 kHz. */
export class ListeningBox {
  readonly store = new ParameterStore({ targets: loadTargets(), nowMs: () => 0, onListenerError: (error) => { throw error; } });
  readonly listener: SoundListener;
  readonly commands: ReturnType<typeof diagnosisCommands>;
  /** What was told, with the seconds of sound until then. */
  readonly told: { readonly atS: number; readonly findings: readonly Finding[] }[] = [];
  readonly #chain = new Chain({ sampleRateHz: RATE, maxFrames: BLOCK });
  readonly #tap = new TapMemory(65_536);
  #frames = 0;

  constructor(parts: { readonly references?: readonly SoundProfile[]; readonly targetLufs?: number | null } = {}) {
    const { references = [], targetLufs = null } = parts;
    this.listener = new SoundListener({
      sound: () => ({ createTapReader: () => new TapReader(this.#tap.memory), health: () => ({ format }) }),
      values: () => this.store.values, targetLufs: () => targetLufs, references: () => references, isMixHeard: () => true,
      onFindings: (findings) => this.told.push({ atS: this.#frames / RATE, findings }),
    });
    this.commands = diagnosisCommands(this.listener, this.store);
    for (const [id, value] of Object.entries(this.store.values)) this.#chain.set(id, value);
    this.store.onChange(({ state: { values } }) => {
      if (values === undefined) return;
      for (const [id, value] of Object.entries(values)) this.#chain.set(id, value);
      this.listener.changed();
    });
  }

  /** Ids of the faults that stand. */
  get ids(): readonly FindingId[] {
    return this.listener.findings.map(({ id }) => id);
  }

  /** Plays a signal, whole blocks of 10 ms; returns what goes out. */
  play({ left, right }: StereoSignal): StereoSignal {
    const { io } = this.#chain;
    const out = { left: new Float64Array(left.length), right: new Float64Array(left.length) };
    for (let at = 0; at + BLOCK <= left.length; at += BLOCK) {
      for (let n = 0; n < BLOCK; n++) {
        io[2 * n] = left[at + n]!;
        io[2 * n + 1] = right[at + n]!;
      }
      this.#chain.process(BLOCK);
      for (let n = 0; n < BLOCK; n++) {
        out.left[at + n] = io[2 * n]!;
        out.right[at + n] = io[2 * n + 1]!;
      }
      this.#frames += BLOCK;
      this.#tap.write(BLOCK, (frame, field) => {
        const n = at + frame % BLOCK;
        return [left[n]!, right[n]!, io[2 * (frame % BLOCK)]!, io[2 * (frame % BLOCK) + 1]!][field]!;
      });
      this.#chain.takeRecords((fields) => this.listener.addRecord(readMeterRecord(fields)));
      this.listener.tick();
    }
    return out;
  }
}

import type { Chain } from "../../src/engine/chain.js";
import { ReferencePort, ReferenceWriter, type Listening } from "../../src/engine/reference-port.js";
import { liveChain, type LiveOptions } from "./live-chain.js";
import type { StereoSignal } from "./run-chain.js";

const LONG = 1_000_000_000;
const MIX: Listening = { isReferenceHeard: false, referenceDb: 0, mixDb: 0, band: 0 };

/** A live chain without stages of its own, so that what comes in is the mix, with both ends of its way for references. */
export class ComparedChain {
  readonly chain: Chain;
  readonly port: ReferencePort;
  readonly writer: ReferenceWriter;

  constructor(options: LiveOptions = {}) {
    this.chain = liveChain({
      stages: [], taps: "none", live: { tapFrames: 65_536, referenceFrames: 65_536 }, ...options, parameters: { "dither.bypass": 1, ...options.parameters },
    });
    this.port = new ReferencePort(this.chain.memory);
    this.writer = new ReferenceWriter(this.chain.memory);
  }

  /** Puts a sound into the ring. */
  fill({ left, right }: StereoSignal, from = 0, to = left.length): void {
    const sound = Float64Array.from({ length: 2 * (to - from) }, (_, k) => (k % 2 === 0 ? left : right)[from + (k >> 1)]!);
    this.writer.write(sound, to - from, 1);
  }

  listen(listening: Partial<Listening>, frames = LONG): void {
    this.port.listen({ ...MIX, ...listening }, frames);
  }
}

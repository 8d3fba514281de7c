/** A thread of the box process that brings a reference track from the disk into the sound, read ahead, so that no disk is waited for. */
import { parentPort, workerData } from "node:worker_threads";
import { ChainMemory, type ChainAddresses } from "../engine/chain-memory.js";
import { ReferenceWriter } from "../engine/reference-port.js";
import { AudioFileError } from "../files/audio-file-error.js";
import { ReferenceStream, type StreamMessage, type StreamOrder } from "./reference-stream.js";

/** What the thread is begun with. */
export interface PlayerData {
  readonly buffer: SharedArrayBuffer;
  readonly addresses: ChainAddresses;
  readonly sampleRateHz: number;
}

/** Much less than the ring holds. */
const FILL_MS = 50;

const { buffer, addresses, sampleRateHz } = workerData as PlayerData;
const stream = new ReferenceStream(new ReferenceWriter(new ChainMemory(buffer, addresses)), sampleRateHz);
let order = 0;

const tell = (message: StreamMessage): void => parentPort?.postMessage(message);
function attempt(act: () => StreamMessage | undefined): void {
  try {
    const message = act();
    if (message !== undefined) tell(message);
  } catch (error) {
    if (!(error instanceof AudioFileError)) throw error;
    tell({ order, problem: `its prepared sound cannot be read (${error.code}); start the box anew, which prepares it again` });
  }
}

parentPort?.on("message", (wanted: StreamOrder | null) => {
  order = wanted?.order ?? order;
  attempt(() => {
    if (wanted === null) stream.stop();
    else stream.play(wanted);
    return stream.fill();
  });
});
setInterval(() => attempt(() => stream.fill()), FILL_MS);

/** A thread of the box process that prepares one reference track: decoding takes the processor for a while. */
import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { AudioFileError } from "../files/audio-file-error.js";
import { prepareTrack, problemOf, type PrepareJob, type PrepareMessage } from "./prepare-track.js";

/** Everything else goes first. */
const NICENESS = 15;

const tell = (message: PrepareMessage): void => parentPort?.postMessage(message);
const job = workerData as PrepareJob;
try {
  // Of this thread alone: setpriority(2) on Linux.
  setPriority(NICENESS);
} catch {
  // It is slower to give way then.
}
try {
  tell({ prepared: await prepareTrack(job, (progress) => tell({ progress })) });
} catch (error) {
  if (!(error instanceof AudioFileError)) throw error;
  tell({ problem: problemOf(error, job.name) });
}

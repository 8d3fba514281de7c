/** A thread of the box process that writes one take: disks are slow, and the box has a watchdog to feed. */
import { parentPort, workerData } from "node:worker_threads";
import { writeTake, type TakeJob } from "./take-files.js";

parentPort?.postMessage(writeTake(workerData as TakeJob));

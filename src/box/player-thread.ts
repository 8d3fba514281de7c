import { Worker } from "node:worker_threads";
import type { PlayerData } from "./reference-player.js";
import type { Player, PlayerListener } from "./reference-voice.js";

/** A player in a thread of its own, by the script `reference-player`. */
export function playerThread(url: URL, data: PlayerData, listener: PlayerListener): Player {
  const worker = new Worker(url, { workerData: data });
  let isStopped = false;
  worker.on("message", listener.hear);
  worker.once("error", (error) => listener.ended(`the thread that plays it broke (${error instanceof Error ? error.message : String(error)})`));
  worker.once("exit", () => {
    if (!isStopped) listener.ended("the thread that plays it ended");
  });
  return {
    tell: (order) => worker.postMessage(order),
    stop: async () => {
      isStopped = true;
      await worker.terminate();
    },
  };
}

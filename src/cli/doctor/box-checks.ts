import { AUDIO_FAULTS } from "../../hal/audio.js";
import type { AudioHealth } from "../../hal/audio-health.js";
import type { BoxStatus } from "../../protocol/messages.js";
import { ok, problem, warning, type Finding } from "./finding.js";

/** From here on a block that takes a little longer comes too late. */
const HIGH_LOAD_PERCENT = 70;

/** What the running box says of itself; `status` is its answer, or a sentence why there is none. */
export function checkBox(status: BoxStatus | string): Finding[] {
  if (typeof status === "string") {
    return [warning("Box", `${status} Its sound, load and rights could not be asked.`, "Start it (npm start, or systemctl start lacquer-box), and ask again.")];
  }
  const { audio } = status;
  return [
    ok("Box", `Version ${status.version} runs on board ${status.board}.`),
    checkSound(audio),
    checkTroubles(audio),
    checkLoad(audio),
    ...checkRefusals(audio),
    ...status.notices.map((notice) => warning("Box", notice, "lacquer status shows whether it still holds.")),
  ];
}

function checkSound(audio: AudioHealth): Finding {
  if (audio.state !== "running") {
    return problem("Sound", `No sound flows: ${audio.detail === "" ? audio.state : audio.detail}`, "See the sound card above; the box tries again by itself.");
  }
  if (audio.isOutputDead) return problem("Sound", "The output is silent although sound comes in.", "Restart the box; if it stays, reset the parameters (lacquer reset).");
  if (audio.isDcMuted) return problem("Sound", "The output is muted: it held a constant voltage.", "Look at the input for a constant offset; lacquer reset brings the chain to its defaults.");
  if (audio.isolatedStages.length > 0) return problem("Sound", `Left out of the chain for bad samples: ${audio.isolatedStages.join(", ")}.`, "Restart the box, and send us the journal.");
  if (!audio.isRelayHeld) return warning("Sound", "The relay passes the bare input.", "It takes over while sound starts; if it stays, see the lines above.");
  const { format, latency } = audio;
  return ok("Sound", `Flows through ${format?.device ?? "the board"} with ${latency.totalMs.toFixed(2)} ms delay.`);
}

function checkTroubles(audio: AudioHealth): Finding {
  const met = AUDIO_FAULTS.filter((fault) => audio.faults[fault] > 0).map((fault) => `${fault} ${audio.faults[fault]}`);
  if (met.length === 0) return ok("Interruptions", "None since the box began.");
  return warning("Interruptions", `Since the box began: ${met.join(", ")}; the streams were started again ${audio.restarts === 1 ? "once" : `${audio.restarts} times`}.`,
    "Set more periods or longer ones (audio.periods, audio.periodFrames), and see load and real-time rights.");
}

function checkLoad({ load, shedding }: AudioHealth): Finding {
  const sentence = `A block takes ${load.p50Percent.toFixed(0)} % of its time, ${load.p99Percent.toFixed(0)} % at worst in a hundred.`;
  const remedy = "Turn oversampling down or stages off, set longer periods, or cool the processor.";
  if (shedding !== "none") return problem("Load", `${sentence} ${shedding === "meters" ? "Meters are" : "Meters and analysis are"} left out to keep the sound.`, remedy);
  return load.p99Percent > HIGH_LOAD_PERCENT ? warning("Load", sentence, remedy) : ok("Load", sentence);
}

function checkRefusals({ refused }: AudioHealth): Finding[] {
  const reasons = [refused.priority, refused.memoryLock].filter((reason) => reason !== undefined);
  if (reasons.length === 0) return [ok("Real-time rights", "The audio thread has its priority, and its memory is locked.")];
  return reasons.map((reason) => warning("Real-time rights", `The box was refused: ${reason}.`, "Run it as the service, whose unit grants them."));
}

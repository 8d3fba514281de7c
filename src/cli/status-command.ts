import { loadTargets } from "../config/targets.js";
import { AUDIO_FAULTS } from "../hal/audio.js";
import type { AudioHealth } from "../hal/audio-health.js";
import type { BoxStatus, ControlState } from "../protocol/messages.js";
import { readArguments } from "./arguments.js";
import { withBox } from "./box-link.js";
import { durationText, jsonText, presetText, refuseWords } from "./live-text.js";
import type { Terminal } from "./terminal.js";
import { tableText } from "./text.js";

/** `lacquer status [--json]`: how the running box is. */
export async function statusCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  refuseWords(options.files, "lacquer status [--json]");
  await withBox(terminal, async (box) => {
    const status = await box.command("status", { count: true });
    terminal.out(options.isOn("json") ? jsonText(status) : statusText(status, box.welcome.state));
  });
}

function times(count: number, what: string): string {
  return `${what} ${count === 1 ? "once" : `${count} times`}`;
}

/** The troubles of the sound path since the box began, or that there were none. */
function troubleText(audio: AudioHealth): string {
  const faults = AUDIO_FAULTS.filter((fault) => audio.faults[fault] > 0).map((fault) => times(audio.faults[fault], fault));
  const rest = [
    ...(audio.restarts > 0 ? [times(audio.restarts, "streams started again")] : []),
    ...(audio.reopens > 0 ? [times(audio.reopens, "device opened again")] : []),
    ...(audio.nonfiniteInputs > 0 ? [`${audio.nonfiniteInputs} samples came in that are no numbers`] : []),
    ...(audio.nonfiniteOutputs > 0 ? [`${audio.nonfiniteOutputs} samples of the output were no numbers and became silence`] : []),
    ...(audio.stageFaults > 0 ? [times(audio.stageFaults, "a stage was reset")] : []),
    ...(audio.isolatedStages.length > 0 ? [`left out: ${audio.isolatedStages.join(", ")}`] : []),
    ...(audio.isOutputDead ? ["the output is silent while the input lives"] : []),
    ...(audio.isDcMuted ? ["muted for a constant offset at the output"] : []),
  ];
  return [...faults, ...rest].join(", ") || "none";
}

function loadText({ load, shedding }: AudioHealth): string {
  const shed = shedding === "none" ? "" : `; overloaded, left out: ${shedding === "meters" ? "meters" : "meters and analysis"}`;
  return `${load.p50Percent.toFixed(0)} % of a period (p99 ${load.p99Percent.toFixed(0)} %, most ${load.maxPercent.toFixed(0)} %)${shed}`;
}

function soundRows(audio: AudioHealth): string[][] {
  const { format, latency, refused } = audio;
  const chain = `${latency.deviceFrames} frames of the device + ${latency.chainFrames} of the chain`;
  return [
    ["Sound", audio.detail === "" ? audio.state : `${audio.state}: ${audio.detail}`],
    ...(format === null ? [] : [
      ["Device", `${format.device}, ${format.sampleRateHz} Hz, ${format.periodFrames} x ${format.periods} frames, ${format.format}`
        + (format.isLinked ? ", one trigger for both directions" : "") + (format.hasMonitor ? ", a monitor output on 3 and 4" : "")],
      ["Latency", `${latency.totalMs.toFixed(2)} ms (${chain})`],
    ]),
    ["Load", loadText(audio)],
    ["Troubles", troubleText(audio)],
    ["Collections", `${audio.collections} of garbage in the audio thread`],
    ["Relay", audio.isRelayHeld ? "held: the master is heard" : "released: the input passes unprocessed"],
    ...(refused.priority === undefined ? [] : [["Priority", refused.priority]]),
    ...(refused.memoryLock === undefined ? [] : [["Memory lock", refused.memoryLock]]),
    ...(audio.measuredRateHz === null ? [] : [["Clock", `${audio.measuredRateHz.toFixed(1)} Hz by the system's clock`]]),
  ];
}

/** What the ride leads to, or why it does not. */
function rideText({ values, target }: ControlState): string {
  if (values["loudness.ride"] !== 1) return "off";
  if (values["loudness.bypass"] === 1) return "holds: the drive is bypassed";
  const isAimed = (loadTargets().find(({ id }) => id === target)?.loudnessLufs ?? null) !== null;
  return isAimed ? `to ${(values["loudness.targetLufs"] ?? 0).toFixed(1)} LUFS` : "rests: the target asks for no loudness";
}

function statusText(status: BoxStatus, state: ControlState): string {
  const rows = [
    ["Box", `Lacquer ${status.version} on board ${status.board}, up ${durationText(status.uptimeS)}`],
    ...soundRows(status.audio),
    ["Preset", presetText(state)],
    ["Target", state.target],
    ["Ride", rideText(state)],
    ["Bypass", state.values["chain.bypass"] === 1 ? "on" : "off"],
    ["Memory", `${(status.memoryBytes / 2 ** 20).toFixed(0)} MiB`],
    ...(status.processorCelsius === null ? [] : [["Processor", `${status.processorCelsius.toFixed(0)} °C`]]),
    ["Clients", String(status.clients)],
  ];
  return tableText(rows) + status.notices.map((notice) => `! ${notice}\n`).join("");
}

import { setMixer } from "../../hw/alsa/mixer.js";
import { exitAtOnce } from "../../hw/linux/exit.js";
import { systemdNotifier } from "../../hw/linux/notify.js";
import { powerOff } from "../../hw/linux/power-off.js";
import { BOARDS } from "../../hw/boards/boards.js";
import { createPanel } from "../../hw/boards/panel.js";
import type { AudioDescription } from "../../hw/boards/audio.js";
import { describeRelay, type RelayDescription } from "../../hw/boards/relay.js";
import { simBoard } from "../../hw/boards/sim.js";
import { takeOrders } from "../../hw/sim/panel-channel.js";
import { systemTime } from "../../hw/sim/sim-lines.js";
import { SimPanel } from "../../hw/sim/sim-panel.js";
import { runBox } from "../box/box-process.js";
import { boxSetup } from "../box/box-setup.js";
import { fitBoard } from "../box/fit-board.js";
import { simMixer } from "../box/sim-mixer.js";
import { readArguments } from "../cli/arguments.js";
import { readOrExit } from "../cli/usage-error.js";

const options = readOrExit(() => readArguments(process.argv.slice(2), { values: ["config", "board"], switches: ["wait-for-card"] }));
const named = { config: options.value("config"), board: options.value("board"), waitsForCard: options.isOn("wait-for-card") };
const setup = boxSetup(named, process.env);
const { config, sound } = setup;
const relay = describeRelay();
const device = async (): Promise<AudioDescription & RelayDescription> => sound.driver === "sim"
  ? simBoard({ ...config.simulation, mixer: await simMixer(config.simulation.mixer, config.audio.sampleRateHz) })
  : { ...sound, driver: sound.driver, ...relay };

const simPanel = sound.driver === "sim" ? new SimPanel(config.controls) : undefined;
if (simPanel !== undefined) takeOrders(simPanel);

// Whoever reads the log may go away; the sound goes on.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

await runBox(setup, {
  device,
  threadUrl: new URL("./audio-thread.js", import.meta.url),
  takeWriterUrl: new URL("../box/take-writer.js", import.meta.url),
  trackPreparerUrl: new URL("../box/track-preparer.js", import.meta.url),
  referencePlayerUrl: new URL("../box/reference-player.js", import.meta.url),
  fit: (device) => fitBoard(setup, BOARDS, device),
  panel: (controls) => simPanel?.devices ?? createPanel(config.panel, controls, relay),
  setMixer,
  powerOff: () => powerOff(),
  systemMs: () => systemTime.nowMs(),
  service: systemdNotifier(),
}, {
  log: (line) => console.log(line),
  onStop: (stop) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, stop);
    // The one who started it by a channel is gone, or went while this process was loading.
    const orphan = (): void => stop("the process that started it is gone");
    if (process.connected === false) orphan();
    else process.once("disconnect", orphan);
  },
  exit: exitAtOnce,
});

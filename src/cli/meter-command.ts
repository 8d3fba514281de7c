import { loadTargets } from "../config/targets.js";
import type { MeterSnapshot } from "../protocol/meter-snapshot.js";
import type { BoxEvent, ControlLink } from "../server/control-link.js";
import { readArguments } from "./arguments.js";
import { ASCII, BLOCKS, BLOCKS_ON_DOTS } from "./bars.js";
import { withBox } from "./box-link.js";
import { MeterModel } from "./meter-model.js";
import { meterLine } from "./meter-line.js";
import { meterPicture } from "./meter-view.js";
import { Screen } from "./screen.js";
import { meterAction } from "./sound-commands.js";
import { refuseWords } from "./live-text.js";
import type { Display, Terminal } from "./terminal.js";
import { endingOf } from "./watch-command.js";

const USAGE = "lacquer meter [start|pause|reset] [--json]";
const SCREEN_RATE_HZ = 20;
const STATUS_MS = 1000;

/**
 * `lacquer meter [start|pause|reset] [--json]`: the live meters on the whole terminal; a line a second where the output is
 * no terminal; with `--json` one snapshot a line, 10 a second.
 */
export async function meterCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  const [word, ...surplus] = options.files;
  refuseWords(surplus, USAGE);
  const action = word === undefined ? undefined : meterAction(word);
  await withBox(terminal, async (box) => {
    if (action !== undefined) await box.command("controlMeters", { action });
    else if (options.isOn("json")) await printLines(box, terminal, 10, jsonLine);
    else if (terminal.display === undefined) await printLines(box, terminal, 1, (snapshot) => meterLine(snapshot, targetLufs(box)));
    else await showScreen(box, terminal, terminal.display);
  });
}

/** A snapshot for programs, to thousandths: the bits of a 32-bit number beyond them say nothing. */
function jsonLine(snapshot: MeterSnapshot): string {
  return JSON.stringify(snapshot, (_key, value: unknown) => typeof value === "number" ? Math.round(value * 1000) / 1000 : value);
}

function targetLufs(box: ControlLink): number | null {
  return loadTargets().find((target) => target.id === box.welcome.state.target)?.loudnessLufs ?? null;
}

async function printLines(box: ControlLink, terminal: Terminal, maxRateHz: number, text: (snapshot: MeterSnapshot) => string): Promise<void> {
  box.listen((message) => {
    if (message.type === "meters") terminal.out(`${text(message.snapshot)}\n`);
  });
  await box.command("subscribeMeters", { maxRateHz });
  await endingOf(box, terminal).ended;
}

function take(model: MeterModel, message: BoxEvent, nowMs: number): void {
  if (message.type === "meters") model.addSnapshot(message.snapshot, nowMs);
  else if (message.type === "change") model.addChange(message);
  else if (message.type === "notice") model.addNotice(message, nowMs);
}

/** Draws until it is ended; the terminal is given back as it was, whatever happens. */
async function showScreen(box: ControlLink, terminal: Terminal, display: Display): Promise<void> {
  const now = (): number => performance.now();
  const model = new MeterModel(box.welcome.state, loadTargets(), now());
  const screen = new Screen(terminal.out);
  const glyphs = !display.hasBlocks ? ASCII : display.colours === 256 ? BLOCKS : BLOCKS_ON_DOTS;
  const draw = (): void => {
    const { columns, rows, colours } = display;
    screen.draw(meterPicture(model, { columns, rows, glyphs }, now()), columns, colours);
  };
  const askStatus = (): void => void box.command("status", {}).then((status) => (model.status = status), () => undefined);
  box.listen((message) => take(model, message, now()));
  display.onResize(() => {
    screen.clear();
    draw();
  });
  const { stop, ended } = endingOf(box, terminal);
  const releaseKeys = display.onKey((key) => isEnd(key) ? stop() : pressed(key, box, model));
  const timers = [setInterval(draw, 1000 / SCREEN_RATE_HZ), setInterval(askStatus, STATUS_MS)];
  try {
    askStatus();
    await box.command("subscribeMeters", { maxRateHz: SCREEN_RATE_HZ });
    await ended;
  } finally {
    timers.forEach(clearInterval);
    releaseKeys();
    screen.close();
  }
}

/** q, Escape, and the Ctrl-C and Ctrl-D that a raw keyboard hands over as they are. */
function isEnd(key: string): boolean {
  return ["q", "\x1b", "\x03", "\x04"].includes(key);
}

/** What a key does; what the box refuses is shown as a notice. */
function pressed(key: string, box: ControlLink, model: MeterModel): void {
  const refused = (error: Error): void => model.addNotice({ type: "notice", level: "warning", subject: "command", sentence: error.message, times: 1 }, performance.now());
  if (key === "r") box.command("controlMeters", { action: "reset" }).catch(refused);
  else if (key === "p") box.command("controlMeters", { action: model.snapshot?.isPaused ? "start" : "pause" }).catch(refused);
  else if (key === "b") box.command("bypass", {}).catch(refused);
}

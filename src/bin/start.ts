import { networkInterfaces } from "node:os";
import { boxSetup } from "../box/box-setup.js";
import { BOX_NODE_FLAGS, launch } from "../box/launch.js";
import { pageAddresses } from "../config/page-addresses.js";
import { numberOption, readArguments } from "../cli/arguments.js";
import { LiveStatus } from "../cli/live-status.js";
import { readOrExit } from "../cli/usage-error.js";
import { ControlClient } from "../server/control-client.js";
import type { ControlLink } from "../server/control-link.js";

const { stdout } = process;
const options = readOrExit(() => readArguments(process.argv.slice(2), { values: ["config", "board", "port"] }));
const { config, socketPath, board } = boxSetup({ config: options.value("config"), board: options.value("board"), waitsForCard: false }, process.env);
const port = readOrExit(() => numberOption("port", options.value("port") ?? String(config.web.port), 0, 65535));
const named = (name: string): string[] => options.value(name) === undefined ? [] : [`--${name}`, options.value(name) ?? ""];

const status = new LiveStatus({ write: (text) => stdout.write(text), isTerminal: stdout.isTTY === true, get columns() { return stdout.columns; } });
const print = (text: string): void => status.print(text);
const script = (name: string): URL => new URL(`./${name}.js`, import.meta.url);
const box = launch({ script: script("box"), name: "The box", nodeFlags: BOX_NODE_FLAGS, argv: [...named("config"), ...named("board")], print });
const web = launch({ script: script("web"), name: "The page", argv: ["--port", String(port)], print, onMessage: (message) => void showPage(servedPort = (message as { readonly port: number }).port) });
const client = new ControlClient({
  paths: [socketPath], source: "start",
  onUp: (up) => {
    link = up;
    if (servedPort !== undefined) void showPage(servedPort);
    startPage();
    status.setState(up.state);
    void up.command("subscribeMeters", { maxRateHz: 5 }).catch(() => undefined);
  },
  onDown: () => status.setSnapshot(null),
  onEvent: (event) => {
    if (event.type === "meters") status.setSnapshot(event.snapshot);
    else if (event.type === "change" && event.state.target !== undefined) status.setState({ target: event.state.target });
  },
});

let link: ControlLink | undefined;
let servedPort: number | undefined;
let isPageStarted = !config.web.isOn;
/** Starts the page when there is a box to show, once. */
function startPage(): void {
  if (isPageStarted) return;
  isPageStarted = true;
  web.start();
}
/** On the simulated board the address holds the key to pair a phone by: a click is enough there. A box that was started anew has another. */
async function showPage(served: number): Promise<void> {
  const offer = board === "sim" ? await link?.command("startPairing", { isStanding: true }).catch(() => undefined) : undefined;
  const addresses = pageAddresses(served, networkInterfaces()).map((address) => (offer ? `${address}/#${offer.key}` : address));
  print(`Open ${addresses.join(" or ")}. Ctrl-C ends.${offer ? "" : " lacquer pair lets a phone in."}\n`);
}

let asked: NodeJS.Signals | undefined;
async function end(signal?: NodeJS.Signals): Promise<void> {
  client.stop();
  await Promise.all([box.stop(signal), web.stop(signal)]);
}
// The reader of a pipe may go away early; nobody is left to stop the box then.
let isUnread = false;
stdout.on("error", ({ message }) => {
  if (!isUnread) console.error(`Nobody reads what the box says (${message}); it ends.`);
  isUnread = true;
  void end().then(() => process.exit(0));
});
process.stderr.on("error", () => undefined);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {
  asked = signal;
  void end(signal);
});

box.start();
client.start();
const { code, signal } = await box.ended;
await end();
status.stop();
// Asked for before the box had its own handlers, its end is a signal and no fault; it could not say so itself.
if (asked !== undefined && signal === asked) print(`The box ended by ${asked} before it had begun.\n`);
process.exit(asked !== undefined ? 0 : code ?? 1);

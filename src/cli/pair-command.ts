import { networkInterfaces } from "node:os";
import { pageAddresses } from "../config/page-addresses.js";
import type { PairingOffer, Phone } from "../protocol/phones.js";
import type { ControlLink } from "../server/control-link.js";
import { readArguments } from "./arguments.js";
import { withBox } from "./box-link.js";
import { durationText, jsonText, refuseWords } from "./live-text.js";
import { qrLines } from "./qr-text.js";
import type { Terminal } from "./terminal.js";
import { tableText } from "./text.js";
import { UsageError } from "./usage-error.js";

const USAGE = "lacquer pair [--view] [--json]";
const ASK_MS = 500;
/** An offer is closed before the phone that came by it is kept. */
const KEEP_MS = 2000;

/**
 * `lacquer pair [--view] [--json]`: lets one new phone in within a minute: shows a QR code and digits to type, and says who
 * came. Ends with 1 when nobody did.
 */
export async function pairCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const options = readArguments(argv, { switches: ["view", "json"] });
  refuseWords(options.files, USAGE);
  const asJson = options.isOn("json");
  let isStopped = false;
  terminal.onInterrupt?.(() => (isStopped = true));
  return await withBox(terminal, async (box) => {
    const known = new Set((await box.command("listPhones", {})).phones.map(({ id }) => id));
    const offer = await box.command("startPairing", { role: options.isOn("view") ? "view" : "control" });
    terminal.out(asJson ? `${JSON.stringify({ ...offer, url: urlOf(offer) })}\n` : invitation(offer, terminal));
    if (urlOf(offer) === null) return 1;
    const came = await whoComes(box, terminal, { known, offer, isCounting: !asJson, isStopped: () => isStopped });
    if (came === undefined) {
      terminal.err("Nobody came in; lacquer pair opens the door again.\n");
      return 1;
    }
    terminal.out(asJson ? `${JSON.stringify(came)}\n` : `"${came.name}" is paired and may ${came.role === "view" ? "look" : "look and adjust"}.\n`);
    return 0;
  });
}

/** The address that others reach the page by, with the key in its fragment, which a browser never sends. */
function urlOf({ key, pagePort }: PairingOffer): string | null {
  if (pagePort === null) return null;
  const [here = "", other] = pageAddresses(pagePort, networkInterfaces());
  return `${other ?? here}/#${key}`;
}

function invitation(offer: PairingOffer, { display }: Terminal): string {
  const url = urlOf(offer);
  if (url === null) return "The page is not served at present; start its process, then come again.\n";
  const code = offer.code === null
    ? "Too many wrong codes were typed within the last hour, so there is none now: the link alone pairs a phone.\n"
    : `Or open ${url.split("/#")[0]} and type  ${offer.code.slice(0, 4)} ${offer.code.slice(4)}\n`;
  const picture = display === undefined ? "" : `Point the phone's camera at this:\n\n${qrLines(url, display).join("\n")}\n\n`;
  return `${picture}${display === undefined ? `Open on the phone: ${url}\n` : ""}${code}`;
}

interface Awaited {
  readonly known: ReadonlySet<string>;
  readonly offer: PairingOffer;
  /** Whether the seconds that are left are shown. */
  readonly isCounting: boolean;
  /** Whether the person ended it. */
  readonly isStopped: () => boolean;
}

/** The phone that was not known; undefined when the offer ended, or the person ended it, before one came. */
async function whoComes(box: ControlLink, terminal: Terminal, { known, offer, isCounting, isStopped }: Awaited): Promise<Phone | undefined> {
  let came: Phone | undefined;
  const unlisten = box.listen((event) => {
    if (event.type === "phones") came ??= event.phones.find(({ id }) => !known.has(id));
  });
  const show = (text: string): void => {
    if (isCounting && terminal.isInteractive) terminal.err(`\r${text.padEnd(40)}`);
  };
  for (;;) {
    const { offers } = await box.command("pairingState", {});
    const left = offers.find(({ key }) => key === offer.key);
    if (came !== undefined || left === undefined || isStopped()) break;
    show(`${Math.ceil(left.secondsLeft ?? 0)} s left${left.triesLeft < offer.triesLeft ? `, ${left.triesLeft} tries` : ""}`);
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
  if (isStopped()) await box.command("stopPairing", {});
  for (const endMs = performance.now() + KEEP_MS; came === undefined && !isStopped() && performance.now() < endMs;) {
    await new Promise((resolve) => setTimeout(resolve, ASK_MS / 10));
  }
  unlisten();
  show("");
  if (isCounting && terminal.isInteractive) terminal.err("\r");
  return came;
}

/** `lacquer phones [forget NAME] [--json]`: the paired phones, or takes the right of one away. */
export async function phonesCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  const [verb, ...words] = options.files;
  if (verb !== undefined && (verb !== "forget" || words.length === 0)) throw new UsageError(`"${verb}" is not known here: lacquer phones [forget NAME] [--json]`);
  await withBox(terminal, async (box) => {
    const { phones } = await box.command("listPhones", {});
    if (verb === undefined) {
      terminal.out(options.isOn("json") ? jsonText(phones) : phones.length === 0 ? "No phone is paired; lacquer pair lets one in.\n"
        : tableText(phones.map(({ id, name, role, isHere, lastSeen }) => [name, role, isHere ? "here" : seenText(lastSeen), id])));
      return;
    }
    const wanted = words.join(" ");
    const found = phones.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase());
    const [phone] = found;
    if (phone === undefined || found.length > 1) {
      throw new UsageError(`${found.length} phones are called "${wanted}"; there are ${phones.map(({ id, name }) => `${name} (${id})`).join(", ") || "none"}.`);
    }
    await box.command("forgetPhone", { phone: phone.id });
    terminal.out(options.isOn("json") ? jsonText(phone) : `"${phone.name}" is forgotten.\n`);
  });
}

function seenText(lastSeen: string | null): string {
  if (lastSeen === null) return "never seen";
  return `seen ${durationText(Math.max(0, Date.now() - Date.parse(lastSeen)) / 1000)} ago`;
}

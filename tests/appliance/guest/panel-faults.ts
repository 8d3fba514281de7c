import { writeFileSync } from "node:fs";
import { playAndRecord, startBox } from "./guest-box.js";
import { LineRig, sleep } from "./kernel-lines.js";
import { panelBus } from "./panel-bus.js";
import { nowMs } from "./panel-hands.js";

/**
 * Plays /root/programme.raw for as many seconds as the first argument says, and breaks the panel as many seconds after its start
 * as the second says. What came out goes to /out/recording, what was seen to /out/seen.
 */

export interface FaultsSeen {
  /** What the box said of its controls while each fault lasted, and some time after. */
  readonly notices: Readonly<Record<"nak" | "unplugged" | "chatter" | "stuck" | "after", readonly string[]>>;
  /** Transfers in 1.45 s while nobody on the bus answers. */
  readonly attempts: number;
  /** The display some time after it was plugged in again. */
  readonly isBack: boolean;
  /** Times of the first fault and of the end of the last, ms after frame 0 of the recording. */
  readonly brokenMs: number;
  readonly mendedMs: number;
  /** How often the mixer and the recorder were too late themselves. */
  readonly lates: number;
}

/** A device that failed is tried again within a second. */
const SETTLED_MS = 1500;
const MANY = 1_000_000;
const CHATTER_LINE = 22;
/** An edge each 1.1 ms: 500 within a second are chatter. */
const CHATTER_EDGES = 640;
/** Longer than the driver of the bus waits for a transfer (1.5 s), and for a display's next picture. */
const HANG_MS = 1700;

const [seconds = NaN, soundS = NaN] = process.argv.slice(2).map(Number);
const { link } = await startBox();
const noticesNow = async (): Promise<readonly string[]> => (await link.command("status", {})).notices;
const lines = new LineRig();

const rig = playAndRecord({ programme: "/root/programme.raw", recording: "/out/recording", seconds });
await sleep(soundS * 1000);

const brokenAtMs = nowMs();
panelBus.set("nak", MANY);
await sleep(50);
const left = panelBus.read("nak");
await sleep(1450);
const nak = await noticesNow();
const attempts = left - panelBus.read("nak");
panelBus.set("nak", 0);

panelBus.set("display", 0);
panelBus.set("converter", 0);
await sleep(1200);
const unplugged = await noticesNow();
panelBus.set("display", 1);
panelBus.set("converter", 1);
await sleep(1200);
const isBack = panelBus.seen().some((byte) => byte !== 0);

const hungAtMs = nowMs();
panelBus.set("hang_ms", HANG_MS);
for (let n = 0; n < CHATTER_EDGES; n++) {
  lines.contact(CHATTER_LINE, n % 2 === 0);
  await sleep(1);
}
const chatter = await noticesNow();
lines.contact(CHATTER_LINE, false);
await sleep(hungAtMs + HANG_MS - nowMs());
const stuck = await noticesNow();
panelBus.set("hang_ms", 0);
const mendedAtMs = nowMs();

const { startNs, lates } = await rig;
await sleep(SETTLED_MS);
const startMs = Number(startNs) / 1e6;
const seen: FaultsSeen = {
  notices: { nak, unplugged, chatter, stuck, after: await noticesNow() }, attempts, isBack, lates,
  brokenMs: brokenAtMs - startMs, mendedMs: mendedAtMs - startMs,
};
writeFileSync("/out/seen", JSON.stringify(seen));
process.exit(0);

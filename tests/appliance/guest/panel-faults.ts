import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { playAndRecord, startBox, type GuestBox } from "./guest-box.js";
import { LineRig, sleep } from "./kernel-lines.js";
import { panelBus } from "./panel-bus.js";

/** Plays the same programme twice, once with a sound panel and once with a broken one. What was seen goes to /out. */

export interface FaultsSeen {
  /** What the box said of its controls while each fault lasted, and some time after. */
  readonly notices: Readonly<Record<"nak" | "unplugged" | "stuck" | "after", readonly string[]>>;
  /** Transfers in 1.45 s while nobody on the bus answers. */
  readonly attempts: number;
  /** The display two seconds after it was plugged in again. */
  readonly isBack: boolean;
}

const SECONDS = 7;
/** A device that failed is tried again within a second. */
const SETTLED_MS = 1500;
const MANY = 1_000_000;
const CHATTER_LINE = 22;

const notices: Record<keyof FaultsSeen["notices"], readonly string[]> = { nak: [], unplugged: [], stuck: [], after: [] };
let attempts = NaN;
let isBack = false;

async function noticesOf({ link }: GuestBox): Promise<readonly string[]> {
  return (await link.command("status", {})).notices;
}

/** Plays the programme through a box of its own. */
async function playThrough(recording: string, meanwhile: (box: GuestBox) => Promise<void>): Promise<void> {
  const box = await startBox();
  await sleep(1000);
  const rig = playAndRecord({ programme: "/root/programme.raw", seconds: SECONDS, recording });
  await meanwhile(box);
  await rig;
  await sleep(SETTLED_MS);
  notices.after = await noticesOf(box);
  const ended = once(box.child, "exit");
  box.child.kill("SIGTERM");
  await ended;
}

await playThrough("/out/sound", async () => undefined);
await playThrough("/out/broken", async (box) => {
  const lines = new LineRig();
  await sleep(400);
  panelBus.set("nak", MANY);
  await sleep(50);
  const left = panelBus.read("nak");
  await sleep(1450);
  notices.nak = await noticesOf(box);
  attempts = left - panelBus.read("nak");
  panelBus.set("nak", 0);
  await sleep(1100);
  panelBus.set("display", 0);
  panelBus.set("converter", 0);
  await sleep(200);
  notices.unplugged = await noticesOf(box);
  panelBus.set("display", 1);
  panelBus.set("converter", 1);
  await sleep(1200);
  isBack = panelBus.seen().some((byte) => byte !== 0);
  for (let n = 0; n < 100; n++) {
    lines.contact(CHATTER_LINE, n % 2 === 0);
    await sleep(1);
  }
  lines.contact(CHATTER_LINE, false);
  panelBus.set("hang_ms", 1700);
  await sleep(1650);
  notices.stuck = await noticesOf(box);
  panelBus.set("hang_ms", 0);
});
const seen: FaultsSeen = { notices, attempts, isBack };
writeFileSync("/out/seen", JSON.stringify(seen));
process.exit(0);

import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { LIGHT_CHAIN } from "./support/light-chain.js";
import { runTask, whyNoMachine } from "./support/machine.js";

/** The plug of the machine is pulled while states are saved on its disk: QEMU is killed, and what its kernel had not written is gone. */

const reason = whyNoMachine(150);
const folder = mkdtempSync(join(tmpdir(), "lacquer-disk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DISK_BYTES = 64 * 2 ** 20;
const MOUNT = `for module in crc16 mbcache jbd2 crc32c_generic ext4; do insmod /modules/$module.ko 2>/dev/null; done
  mkdir -p /var/lib/lacquer && mount -t ext4 -o noatime,commit=5 /dev/disk /var/lib/lacquer`;
/** A board without a mixer of its own: the loop card has none. */
const FILES = { "/etc/lacquer/lacquer.json": JSON.stringify({ version: 1, board: "usb", start: { values: LIGHT_CHAIN } }) };
/** Saves after which the plug is pulled, and how many ms of the host's time later. */
const CUTS = [[3, 0], [8, 7], [1, 23]] as const;
/** Changes of the box, one each 0.2 s, after which the plug is pulled. */
const SETS = 22;
/** A change is on the disk after this time at the latest (state-store.ts). */
const KEPT_MS = 3000;
/** Several starts of a machine, however busy this one is. */
const PATIENCE_MS = 1_200_000;

/** An empty file system in a file. */
function disk(name: string): string {
  const path = join(folder, name);
  const fd = openSync(path, "w");
  ftruncateSync(fd, DISK_BYTES);
  closeSync(fd);
  execFileSync("/sbin/mkfs.ext4", ["-q", "-F", path]);
  return path;
}

/** What a line of the guest says after its mark. */
function said<Told>(lines: readonly string[], mark: string): Told[] {
  return lines.filter((line) => line.startsWith(`${mark} `)).map((line) => JSON.parse(line.slice(mark.length + 1)) as Told);
}

describe.skipIf(reason !== undefined)(`the power goes in the middle of a save${reason === undefined ? "" : `: ${reason}`}`, () => {
  it(`keeps every state that was acknowledged, over ${CUTS.length} cuts of one disk`, async () => {
    const path = disk("numbered.img");
    let acknowledged = 0;
    for (const [saves, afterMs] of [...CUTS, undefined].map((cut) => cut ?? [0, 0])) {
      const isLast = saves === 0;
      const script = `${MOUNT} && node $GUEST/found-state.js /var/lib/lacquer${isLast ? "" : " && node $RELEASE/dist/tests/support/save-loop.js /var/lib/lacquer"}`;
      let seen = 0;
      const { lines } = await runTask({
        script, disk: path, limitS: 600,
        onLine: (line, pullPlug) => {
          if (/^\d+ [\d.]+$/.test(line) && ++seen === saves) setTimeout(pullPlug, afterMs);
        },
      });
      const [found] = said<{ number: number; notices: string[] }>(lines, "FOUND");
      expect(found?.notices).toEqual([]);
      // One more than was acknowledged may be on the disk: the plug was pulled before the word of it came through.
      expect(found?.number).toBeGreaterThanOrEqual(acknowledged);
      expect(found?.number).toBeLessThanOrEqual(acknowledged + (acknowledged === 0 ? 0 : 2));
      acknowledged = Math.max(acknowledged, ...lines.filter((line) => /^\d+ [\d.]+$/.test(line)).map((line) => Number.parseInt(line, 10)));
    }
    expect(acknowledged).toBeGreaterThanOrEqual(CUTS.reduce((sum, [saves]) => sum + saves, 0));
  }, PATIENCE_MS);

  it("keeps a value that was set 3 s before the end at the earliest, as the box itself does", async () => {
    const path = disk("box.img");
    let seen = 0;
    interface Set { readonly thresholdDb: number; readonly atMs: number }
    const turned = await runTask({
      script: `${MOUNT} && node $GUEST/turn-until-dark.js`, disk: path, files: FILES, limitS: 600,
      onLine: (line, pullPlug) => {
        if (line.startsWith("SET ") && ++seen === SETS) pullPlug();
      },
    });
    const after = await runTask({ script: `${MOUNT} && node $GUEST/found-state.js /var/lib/lacquer`, disk: path, limitS: 600 });
    const sets = said<Set>(turned.lines, "SET");
    const [state] = said<{ thresholdDb: number; notices: string[] }>(after.lines, "FOUND");
    expect(state?.notices).toEqual([]);
    const endMs = sets.at(-1)?.atMs ?? 0;
    expect(endMs).toBeGreaterThan(KEPT_MS + 1000);
    const found = sets.find(({ thresholdDb }) => thresholdDb === state?.thresholdDb);
    expect(found?.atMs).toBeGreaterThanOrEqual(endMs - KEPT_MS);
  }, PATIENCE_MS);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OnoffLines, type OnoffGpio } from "../../hw/gpio/onoff-lines.js";
import type { LineHands } from "../contracts/lines-under-test.js";
import type { LineBed } from "./line-beds.js";
import { HandTime } from "./sim-time.js";

const BASE = 571;
const COUNT = 54;

function refused(code: string): Error {
  return Object.assign(new Error(`${code}: write`), { code });
}

/** The package onoff 6.0.3 over lines that a test has in hand, and the folder of sysfs in which their base stands. */
export function onoffBed(): LineBed {
  const folder = mkdtempSync(join(tmpdir(), "lacquer-gpio-"));
  for (const [base, label, count] of [[512, "raspberrypi-exp-gpio", 8], [BASE, "pinctrl-rp1", COUNT]] as const) {
    mkdirSync(join(folder, `gpiochip${base}`), { recursive: true });
    for (const [name, value] of Object.entries({ label, base, ngpio: count })) writeFileSync(join(folder, `gpiochip${base}`, name), `${value}\n`);
  }
  const time = new HandTime();
  const high = new Map<number, boolean>();
  const refusals = new Map<number, string>();
  const held = new Map<number, () => void>();

  class Gpio implements OnoffGpio {
    readonly #number: number;
    readonly #listeners: ((error: Error | null | undefined, value: number) => void)[] = [];
    #isClosed = false;

    constructor(number: number, direction: string) {
      // A line that somebody has by sysfs already is shared with him.
      const refusal = refusals.get(number) ?? (number < BASE || number >= BASE + COUNT ? "EINVAL" : undefined);
      if (refusal !== undefined) throw refused(refusal);
      this.#number = number;
      if (direction !== "in") high.set(number, direction === "high");
      held.set(number, () => this.#listeners.forEach((listener) => listener(undefined, this.readSync())));
    }

    readSync(): number {
      if (this.#isClosed) throw refused("EBADF");
      return (high.get(this.#number) ?? true) ? 1 : 0;
    }

    writeSync(value: 0 | 1): void {
      if (this.#isClosed) throw refused("EBADF");
      high.set(this.#number, value === 1);
    }

    watch(listener: (error: Error | null | undefined, value: number) => void): void {
      this.#listeners.push(listener);
    }

    unexport(): void {
      this.#isClosed = true;
      this.#listeners.length = 0;
      held.delete(this.#number);
    }
  }

  const hands: LineHands = {
    contact: (line, isClosed) => {
      if (high.get(BASE + line) === !isClosed) return;
      high.set(BASE + line, !isClosed);
      held.get(BASE + line)?.();
    },
    isHigh: (line) => high.get(BASE + line) ?? true,
    refuse: (line, kind) => {
      if (kind === undefined) refusals.delete(BASE + line);
      else refusals.set(BASE + line, kind === "busy" ? "EBUSY" : "EACCES");
    },
    unplug: { impossible: "sysfs does not tell that a chip went" },
    replug: () => undefined,
    pass: async (ms) => time.pass(ms),
    dispose: async () => rmSync(folder, { recursive: true }),
  };
  const lines = new OnoffLines({ labels: ["pinctrl-bcm2711", "pinctrl-rp1"], load: () => ({ Gpio }), folder, nowMs: () => time.nowMs(), later: (ms, run) => time.later(ms, run) });
  return { lines, hands, later: (ms, run) => time.later(ms, run) };
}

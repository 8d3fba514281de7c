import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Page } from "playwright-core";
import { CHROMIUM_PATH, DashboardBed } from "../support/dashboard-bed.js";

/** An old phone is so many times slower than this machine. */
const THROTTLING = 4;
/** Script time of a frame that leaves the other half of 16.7 ms to the browser. */
const BAR_MS = 8;
const PAGES = ["meters", "chain", "chain/eq", "chain/compressor", "chain/multiband", "compare"] as const;
const SETTLE_MS = 2000;
const SECONDS = 6;

interface Stopwatch {
  frames: number[];
}

/** Runs in the page before its own scripts: adds up what they take, with the promises that follow, from frame to frame. */
function watchScripts(): void {
  const stopwatch: Stopwatch = { frames: [] };
  Reflect.set(globalThis, "stopwatch", stopwatch);
  let spentMs = 0;
  let frameAt = 0;
  const timed = <Args extends unknown[]>(run: (...args: Args) => unknown) => (...args: Args): void => {
    const startMs = performance.now();
    run(...args);
    // Behind three rounds of what the call itself has put off to its end.
    queueMicrotask(() => queueMicrotask(() => queueMicrotask(() => (spentMs += performance.now() - startMs))));
  };
  const scope = globalThis as unknown as { requestAnimationFrame(run: (time: number) => void): number } & Record<"setTimeout" | "setInterval", typeof globalThis.setTimeout>;
  const askFrame = scope.requestAnimationFrame.bind(globalThis);
  scope.requestAnimationFrame = (run) => askFrame((time) => {
    if (time !== frameAt) {
      if (frameAt !== 0) stopwatch.frames.push(spentMs);
      frameAt = time;
      spentMs = 0;
    }
    timed(run)(time);
  });
  for (const name of ["setTimeout", "setInterval"] as const) {
    const set = scope[name].bind(globalThis);
    scope[name] = ((run: () => void, ms?: number) => set(timed(run), ms)) as typeof globalThis.setTimeout;
  }
  const handler = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage") as PropertyDescriptor;
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    ...handler,
    set(this: WebSocket, run: ((event: unknown) => unknown) | null) {
      handler.set?.call(this, run === null ? null : timed((event: unknown) => run.call(this, event)));
    },
  });
}

/** What the scripts of the page take of each frame on an old phone, on its pages, while the programme plays. */
export async function benchPage(): Promise<string[]> {
  if (!existsSync(CHROMIUM_PATH)) return [`not measured: there is no ${CHROMIUM_PATH}; apt-get install chromium brings it.`];
  const folder = mkdtempSync(join(tmpdir(), "lacquer-bench-"));
  const bed = await DashboardBed.start(folder);
  try {
    const page = await bed.paired("phone", watchScripts);
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: THROTTLING });
    const lines: string[] = [];
    for (const name of PAGES) lines.push(await measure(page, name));
    return [`script time of a frame with the CPU slowed down ${THROTTLING} times, ${SECONDS} s each; the bar is ${BAR_MS} ms`, ...lines];
  } finally {
    await bed.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(page: Page, name: string): Promise<string> {
  await page.evaluate((hash) => {
    Reflect.get(globalThis, "location").hash = hash;
  }, name);
  await setTimeout(SETTLE_MS);
  const clear = (): number[] => (Reflect.get(globalThis, "stopwatch") as Stopwatch).frames.splice(0);
  await page.evaluate(clear);
  await setTimeout(1000 * SECONDS);
  const frames = Float64Array.from(await page.evaluate(clear)).sort();
  const at = (share: number): number => frames[Math.floor(share * frames.length)] ?? 0;
  const verdict = at(0.95) <= BAR_MS ? "under the bar" : "OVER the bar";
  return `${name.padEnd(16)} ${(frames.length / SECONDS).toFixed(0).padStart(2)} frames/s, p50 ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms: ${verdict}`;
}
